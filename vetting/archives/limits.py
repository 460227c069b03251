"""How much an upload may hold. Every limit is checked before the memory it guards is spent."""

MEGABYTE = 1024 * 1024

MAX_UPLOAD = 50 * MEGABYTE
MAX_TOTAL = 50 * MEGABYTE
MAX_FILE = 20 * MEGABYTE
MAX_FILES = 10_000
# Folders and headers cost time too, so they are counted as well, more generously.
MAX_ENTRIES = 3 * MAX_FILES

MAX_DEPTH = 20
MAX_PATH_BYTES = 512
MAX_NAME_BYTES = 200

# Beyond this much unpacked data the archive must have been a plausible size to begin with.
RATIO_FREE = 10 * MEGABYTE
MAX_RATIO = 200

# A tar spends about three 512-byte blocks at most on each member besides its data.
MAX_TAR = MAX_TOTAL + MAX_ENTRIES * 3 * 512
XZ_MEMORY = 128 * MEGABYTE
