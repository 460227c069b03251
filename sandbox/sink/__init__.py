"""The false world outside a room, seen from our side: its authority, its container, and the flows it wrote down."""
