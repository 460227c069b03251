"""What the payload did: reads the witness's lines and turns them into events."""
