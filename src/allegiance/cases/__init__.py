"""A war as data: schema, loader and the library of cases."""
