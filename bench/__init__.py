"""How fast and how big: each module measures one thing for real and answers with rows of one table."""
