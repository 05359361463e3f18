"""Alembic runs this for every migration. The connection comes from store.migrate, in a transaction."""

from alembic import context

from store.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,  # store.engine says BEGIN itself, so SQLite's DDL rolls back too
)
with context.begin_transaction():
    context.run_migrations()
