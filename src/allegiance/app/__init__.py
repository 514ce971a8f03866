"""The local web page: Shiny serves the pages, one worker process computes, a small script draws."""
