import django.db.models.deletion
from django.db import migrations, models

from foundation.append_only import AppendOnly

# What foundation.audit_chain recomputes: SHA-256 over netstrings. The lock is held from here to the end of the commit
# alone, because the trigger is deferred: nobody waits with it for another lock.
_MAKE = """
CREATE FUNCTION leumund_netstring(part text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT octet_length(part) || ':' || part || ','
$$;
CREATE FUNCTION leumund_link_deed(deed bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    line foundation_auditentry%ROWTYPE;
    last bigint;
    before bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit', 7));
    SELECT * INTO line FROM foundation_auditentry WHERE id = deed;
    SELECT number, hash INTO last, before FROM foundation_auditlink ORDER BY number DESC LIMIT 1;
    last := coalesce(last, 0) + 1;
    before := coalesce(before, decode(repeat('00', 32), 'hex'));
    INSERT INTO foundation_auditlink (number, entry_id, previous, hash) VALUES (last, deed, before, sha256(convert_to(
        leumund_netstring(last::text) || leumund_netstring(encode(before, 'hex'))
        || leumund_netstring((extract(epoch FROM line.made_at) * 1000000)::bigint::text)
        || leumund_netstring(line.actor) || leumund_netstring(line.act) || leumund_netstring(line.about)
        || leumund_netstring(line.detail::text), 'UTF8')));
END $$;
CREATE FUNCTION leumund_link_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM leumund_link_deed(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER foundation_auditentry_is_chained AFTER INSERT ON foundation_auditentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION leumund_link_noted();
"""
_UNMAKE = """
DROP TRIGGER foundation_auditentry_is_chained ON foundation_auditentry;
DROP FUNCTION leumund_link_noted();
DROP FUNCTION leumund_link_deed(bigint);
DROP FUNCTION leumund_netstring(text);
"""


class Migration(migrations.Migration):
    """Each line of the audit log hangs on the hash of the one before it."""

    dependencies = [("foundation", "0003_buckets_fill_up")]

    operations = [
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="foundation.auditentry",
                    ),
                ),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
        ),
        AppendOnly("foundation_auditlink"),
        migrations.RunSQL(_MAKE, _UNMAKE),
    ]
