"""A remembered query that takes an exploration over the bound is not enumerated again by each question."""

from validator.resolve.evaluation import WIDE_BOUND, Evaluation

NAMES = tuple(f"C{number}" for number in range(10))


class _Free:
    """A solver of independent conditions."""

    def possible(self, name, decided):
        return frozenset((decided[name],)) if name in decided else frozenset((True, False))

    def exact(self, name):
        return True


def _evaluation():
    evaluation = Evaluation()
    evaluation.solvers["stack"] = _Free()
    return evaluation


def _asks(evaluation, query, names):
    return evaluation.memo(query, lambda: tuple(evaluation.holds("stack", name) for name in names))


def test_the_second_question_over_a_wide_query_stops_early():
    evaluation = _evaluation()
    first = evaluation.explore(lambda: _asks(evaluation, "wide", NAMES))
    second = evaluation.explore(lambda: _asks(evaluation, "wide", NAMES))
    assert (first.complete, len(first.leaves)) == (False, 256)
    assert (second.complete, len(second.leaves)) == (False, WIDE_BOUND)


def test_other_queries_are_enumerated_as_before():
    evaluation = _evaluation()
    evaluation.explore(lambda: _asks(evaluation, "wide", NAMES))
    narrow = evaluation.explore(lambda: _asks(evaluation, "narrow", NAMES[:5]))
    assert (narrow.complete, len(narrow.leaves)) == (True, 32)
