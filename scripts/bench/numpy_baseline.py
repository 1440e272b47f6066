"""The plain NumPy way to the same three numbers, as a baseline: one line in starts a forecast, one line out tells its time."""
import json
import sys
import time

import numpy as np


def forecast(cash, mean, std, tranche, tranche_day, days, paths):
    np.random.seed(42)
    burned = np.cumsum(np.random.normal(mean, std, (paths, days)), axis=1)
    balances = cash - burned
    balances[:, tranche_day - 1 :] += tranche
    runways = []
    for path in range(paths):
        ruined = np.where(balances[path] <= 0)[0]
        runways.append(ruined[0] + 1 if len(ruined) else days)
    return np.percentile(runways, [5, 50, 95]).tolist()


print(json.dumps({"numpy": np.__version__, "python": sys.version.split()[0]}), flush=True)
for line in sys.stdin:
    arguments = json.loads(line)
    started = time.perf_counter()
    answer = forecast(**arguments)
    print(json.dumps({"ms": (time.perf_counter() - started) * 1000, "answer": answer}), flush=True)
