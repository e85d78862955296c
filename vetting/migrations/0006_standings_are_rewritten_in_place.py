from django.db import migrations

# Every night rewrites most rows. Where a page has room for the new versions beside the old ones, no index is touched
# (heap-only tuples): half the work of the write-back (docs/benchmarks.md, standing).
FORWARDS = "ALTER TABLE vetting_standing SET (fillfactor = 45)"
BACKWARDS = "ALTER TABLE vetting_standing RESET (fillfactor)"


class Migration(migrations.Migration):

    dependencies = [("vetting", "0005_a_mailbox_proves_one_member")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
