"""Cycles in a graph of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set


def cycles(edges: Mapping[str, Set[str]]) -> Iterator[list[str]]:
    """One cycle of each group of nodes that depend on each other. Not recursive: a chain may be long."""
    done: set[str] = set()
    for root in edges:
        if root in done:
            continue
        trail: list[str] = [root]
        on_trail: dict[str, int] = {root: 0}
        todo: list[Iterator[str]] = [iter(sorted(edges[root]))]
        found: set[str] = set()  # nodes whose cycle was told
        while todo:
            target = next(todo[-1], None)
            if target is None:
                todo.pop()
                node = trail.pop()
                del on_trail[node]
                done.add(node)
            elif target in on_trail:
                cycle = trail[on_trail[target] :]
                if found.isdisjoint(cycle):
                    found.update(cycle)
                    yield cycle
            elif target not in done and target in edges:
                on_trail[target] = len(trail)
                trail.append(target)
                todo.append(iter(sorted(edges[target])))
