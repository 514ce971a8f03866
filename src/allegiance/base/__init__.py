"""What knows nothing of war: sourced values, errors, keyed randomness, safe files, the compiler."""
