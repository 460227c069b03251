"""What vetting tells the rooms above it, without importing them.

run_concluded(sender, run, report, attestation): sent inside the transaction that concludes a run, so that whoever
publishes the verdict does so in the same transaction or not at all. run is the row (run.release the release), report
the report document of API v1 (report["status"] says what becomes of the release), attestation the DSSE envelope, None
when there was nothing to attest. Sent exactly once a run; a receiver that raises undoes the conclusion.
"""

from django.dispatch import Signal

run_concluded = Signal()
