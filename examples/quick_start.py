# SPDX-License-Identifier: MIT
"""An instance file, solved; the plan as tables and as a picture. Run from the top of the checkout."""
import inferplan

instance = inferplan.load("examples/instances/icc2025.json")
instance["limits.budget_usd"] = 500

plan = instance.solve(gap=1e-4, time_limit=60)
print(f"{plan.status}: {plan.objective_usd:.2f} USD, no plan costs less than {plan.bound_usd:.2f}")
for deployment in plan.deployments:
    print(deployment)
for row in plan.to_rows():
    print(row["query"], row["model"], row["tier"], f"{row['fraction']:.1%}")

plan.plot().save("plan.svg")
plan.report("plan.html")
