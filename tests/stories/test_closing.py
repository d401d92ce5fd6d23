"""Forty who close one stage at the same instant, on PostgreSQL."""

import pytest
from stories.processes import Scene

pytestmark = pytest.mark.stack


def test_forty_closings_at_once_close_the_call_once(tables, own_redis, tmp_path):
    with Scene(tmp_path, {"DATABASE_URL": tables, "REDIS_URL": own_redis}) as scene:
        closed = scene.deed("call_closed_by_many", 2044, 40)
    assert closed == {"won": 1, "asked": 40, "problems": [], "deeds": 1, "letters": 3}
