"""All that a visitor, an author or an agent touches: pages, the API, accounts, and the rows behind them."""
