"""The full-text index of SQLite, kept in step by triggers. PostgreSQL searches the rows themselves."""

from django.db import migrations

CREATE = [
    """
    CREATE VIRTUAL TABLE articles_sectiontext_fts USING fts5(
        heading, body, content='articles_sectiontext', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER articles_sectiontext_added AFTER INSERT ON articles_sectiontext BEGIN
        INSERT INTO articles_sectiontext_fts(rowid, heading, body) VALUES (new.id, new.heading, new.body);
    END
    """,
    """
    CREATE TRIGGER articles_sectiontext_removed AFTER DELETE ON articles_sectiontext BEGIN
        INSERT INTO articles_sectiontext_fts(articles_sectiontext_fts, rowid, heading, body)
        VALUES ('delete', old.id, old.heading, old.body);
    END
    """,
]
DROP = [
    "DROP TRIGGER articles_sectiontext_added",
    "DROP TRIGGER articles_sectiontext_removed",
    "DROP TABLE articles_sectiontext_fts",
]


def on_sqlite(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "sqlite":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(on_sqlite(CREATE), on_sqlite(DROP))]
