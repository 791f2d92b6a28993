"""What is too old to be kept. Lists by offset bring some of it with the last page of a walk, and so does a walk that was begun while more was
kept: what was let go of must not come back by that.
"""

from datetime import datetime

from sync.records import FINAL, FINAL_PAYMENT, FINAL_TICKET, Order, Payment, Record, Ticket


def outlived(record: Record, floor: datetime) -> bool:
    """Created before the floor of its feed, and at its end, as hyperpanel.db.outlived says it of rows. One without a time of creation is as
    old as its row, so a new one is young."""
    if not isinstance(record, Order | Payment | Ticket) or record.created_at is None or record.created_at >= floor:
        return False
    match record:
        case Order():
            return record.status in FINAL
        case Payment():
            return record.status in FINAL_PAYMENT
        case Ticket():
            return record.status in FINAL_TICKET or (record.last_update_at or record.created_at) < floor
