"""Cases that people merged or split: which ones are worked on, and which ones they stand for."""

from collections.abc import Collection, Sequence

from sqlalchemy import CTE, Connection, Select, or_, select

from store.models import AnyRow, CaseRow


def tree(numbers: Collection[str] | Select[str]) -> CTE:
    """Return a table of ``root`` and ``number``: each of these cases, and all that were merged into it."""
    base = (
        select(CaseRow.number.label("root"), CaseRow.number.label("number"))
        .where(CaseRow.number.in_(numbers))
        .cte("family", recursive=True)
    )
    children = select(base.c.root, CaseRow.number).join(base, CaseRow.merged_into == base.c.number)
    return base.union_all(children)


def family(connection: Connection, number: str) -> list[str]:
    """Return a case and all that were merged into it, itself first."""
    found = list(connection.scalars(select(tree([number]).c.number)))
    return [number, *sorted(one for one in found if one != number)]


def worked_on(connection: Connection, number: str) -> AnyRow | None:
    """Return the case that stands for this one: itself, or what it was merged into in the end."""
    while True:
        row = connection.execute(select(CaseRow).where(CaseRow.number == number)).one_or_none()
        if row is None or not row.merged_into:
            return row
        number = row.merged_into


def parts(connection: Connection, numbers: Collection[str]) -> Sequence[AnyRow]:
    """Return the cases these were split into and still are, in their order."""
    withdrawn = CaseRow.merged_into == CaseRow.split_from
    wanted = select(CaseRow).where(
        CaseRow.split_from.in_(numbers), or_(CaseRow.merged_into.is_(None), ~withdrawn)
    )
    return connection.execute(wanted.order_by(CaseRow.id)).all()
