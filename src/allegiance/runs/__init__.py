"""From many worlds to tables: what a run is asked, how members are played, what is kept of them."""
