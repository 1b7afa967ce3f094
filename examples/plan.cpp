/* SPDX-License-Identifier: MIT */
/*
 * Reads an instance file, solves it, and prints what to rent and where to route.
 *
 *     plan INSTANCE.json
 *
 * Progress goes to standard error. The exit status is that of the command line: 0 a proven plan,
 * 1 a plan not yet proven, 2 bad input, 3 proven infeasible, 4 no plan found, 5 internal failure.
 */
#include <cstdio>
#include <exception>

#include <inferplan/inferplan.hpp>

namespace
{

void print_plan(const inferplan::Solution &solution)
{
    const inferplan::Costs costs = solution.check().costs();
    std::printf("%s: %.2f USD, at least %.2f (gap %.4f)\n", solution.status_word().c_str(),
                solution.objective(), solution.bound(), solution.gap());
    std::printf("rental %.2f, storage %.2f, delay %.2f, unmet %.2f\n", costs.rental, costs.storage,
                costs.delay, costs.unmet);
    std::printf("fleet\n");
    for (const inferplan::Deployment &d : solution.plan().deployments())
        std::printf("  %s on %s: %lld replicas of degree %lld, %lld GPUs\n", d.model.c_str(),
                    d.tier.c_str(), static_cast<long long>(d.replicas),
                    static_cast<long long>(d.tp_degree), static_cast<long long>(d.gpus));
    std::printf("routes\n");
    for (const inferplan::Route &r : solution.plan().routes())
        std::printf("  %s -> %s on %s: %.2f %%\n", r.query.c_str(), r.model.c_str(), r.tier.c_str(),
                    100 * r.fraction);
    for (const inferplan::Unmet &u : solution.plan().unmet())
        std::printf("  %s -> nobody: %.2f %%\n", u.query.c_str(), 100 * u.fraction);
}

int exit_status(inferplan::Status status)
{
    switch (status) {
    case inferplan::Status::optimal:
        return 0;
    case inferplan::Status::feasible:
        return 1;
    case inferplan::Status::infeasible:
        return 3;
    case inferplan::Status::no_plan:
        return 4;
    }
    return 5;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: plan INSTANCE.json\n");
        return 2;
    }
    try {
        const inferplan::Instance instance = inferplan::Instance::read_file(argv[1]);
        inferplan::Options options;
        options.set("time_limit", "60").progress([](const inferplan::Progress &now) {
            std::fprintf(stderr, "%.1f s: best %.2f, bound %.2f\n", now.seconds, now.objective,
                         now.bound);
            return true; /* go on; false stops */
        });
        inferplan::Model model(instance, options);
        const inferplan::Solution solution = model.solve();
        if (solution.has_plan())
            print_plan(solution);
        else
            std::printf("%s\n", solution.status_word().c_str());
        return exit_status(solution.status());
    } catch (const inferplan::Error &error) {
        std::fprintf(stderr, "plan: %s\n", error.what());
        const bool input = error.code() != IFP_ERROR_MEMORY && error.code() != IFP_ERROR_ENGINE;
        return input ? 2 : 5;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "plan: %s\n", error.what());
        return 5;
    }
}
