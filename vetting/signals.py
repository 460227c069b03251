"""What vetting tells the rooms above it, without importing them.

run_concluded(sender, run, report): sent inside the transaction that concludes a run, so that whoever publishes the
verdict does so in the same transaction or not at all.
"""

from django.dispatch import Signal

run_concluded = Signal()
