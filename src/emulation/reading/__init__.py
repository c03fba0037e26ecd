"""Reading: campaigns and tables as people write them."""
