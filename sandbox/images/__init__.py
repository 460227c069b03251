"""How the room's image is built: from a public base image where one can be pulled, else from Debian packages."""
