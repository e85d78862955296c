from django.db import migrations

# Lines written before there were edges: confirmations lend as their kind says, moderators are proved.
FORWARDS = """
INSERT INTO vetting_edge (evidence_id, voucher_id, member_id, kind, at, counted)
SELECT line.id, speaker.id, subject.id,
       CASE confirmed.kind WHEN 'studied' THEN 2 WHEN 'invited' THEN 3 WHEN 'project' THEN 4 WHEN 'met' THEN 5
                           WHEN 'group' THEN 6 ELSE 1 END, line.at, false
FROM vetting_evidence AS line
JOIN accounts_member AS speaker ON speaker.ledger_id = line.by
JOIN accounts_member AS subject ON subject.ledger_id = line.about
LEFT JOIN vetting_confirmation AS confirmed
    ON line.source = 'confirmation:' || confirmed.source AND confirmed.low_id = least(speaker.id, subject.id)
    AND confirmed.high_id = greatest(speaker.id, subject.id)
WHERE line.kind = 'confirmed';

INSERT INTO vetting_conduct (member_id, good, good_at)
SELECT subject.id, sum(0.25 * 2 ^ (-extract(epoch FROM newest.at - line.at) / (365 * 86400.0))), newest.at
FROM vetting_evidence AS line
JOIN accounts_member AS subject ON subject.ledger_id = line.about
CROSS JOIN (SELECT max(at) AS at FROM vetting_evidence WHERE kind = 'confirmed') AS newest
WHERE line.kind = 'confirmed' GROUP BY subject.id, newest.at;

INSERT INTO vetting_proof (member_id, kind, share, domain, at)
SELECT member_id, 'moderator', anchor, '', computed_at FROM vetting_standing WHERE anchor > 0;
"""
BACKWARDS = """
DELETE FROM vetting_edge; DELETE FROM vetting_conduct; DELETE FROM vetting_proof;
"""


class Migration(migrations.Migration):

    dependencies = [("vetting", "0003_words_lend_and_vouches_are_credentials")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
