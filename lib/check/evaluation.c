/* SPDX-License-Identifier: MIT */
/* Recording the violations and the limits of a plan: the largest violation becomes the reason. */
#include "check/evaluation.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "check/violation.h"
#include "util/array.h"
#include "util/number.h"
#include "util/number_text.h"

void ifp_evaluation_note(struct ifp_evaluation *evaluation, double violation, const char *format,
                         ...)
{
    struct ifp_check *check = evaluation->check;
    if (!(violation < DBL_MAX))
        violation = DBL_MAX;
    if (violation <= check->violation)
        return;
    check->violation = violation;
    if (violation <= IFP_VERIFY_TOLERANCE)
        return;
    va_list arguments;
    evaluation->failed |= evaluation->reason.failed;
    ifp_text_clear(&evaluation->reason);
    va_start(arguments, format);
    ifp_text_vformat(&evaluation->reason, format, arguments);
    va_end(arguments);
}

double ifp_evaluation_shown(double violation, double value, double other)
{
    enum { FEW = 5, MANY = 9 };
    if (!(violation > IFP_VERIFY_TOLERANCE)) /* it is not shown */
        return value;
    if (value == floor(value) && fabs(value) <= IFP_NUMBER_MAX)
        return value;
    for (int digits = FEW; digits <= MANY; digits += MANY - FEW) {
        double rounded = ifp_number_to_digits(value, digits);
        if (value == other || rounded != ifp_number_to_digits(other, digits))
            return rounded;
    }
    return value;
}

void ifp_evaluation_add_judged(struct ifp_evaluation *evaluation, double violation, int kind,
                               struct ifp_limit_subject subject, struct ifp_wide used,
                               struct ifp_wide limit)
{
    struct ifp_check *check = evaluation->check;
    const struct ifp_limit_traits *traits = ifp_limit_traits_of(kind);
    if (isinf(limit.high))
        return;
    char *name = ifp_limit_name(traits, &subject);
    if (!name) {
        evaluation->failed = true;
        return;
    }
    if (!ifp_array_reserve(&check->limits, &check->limit_capacity, check->limit_count + 1,
                           sizeof *check->limits)) {
        evaluation->failed = true;
        free(name);
        return;
    }
    check->limits[check->limit_count++] = (struct ifp_check_limit){
        .traits = traits, .subject = subject, .name = name, .used = used.high, .limit = limit.high};
    ifp_evaluation_note(evaluation, violation, "%s: %g of %g%s%s", name,
                        ifp_evaluation_shown(violation, used.high, limit.high),
                        ifp_evaluation_shown(violation, limit.high, used.high),
                        *traits->unit ? " " : "", traits->unit);
}

void ifp_evaluation_add_limit(struct ifp_evaluation *evaluation, int kind,
                              struct ifp_limit_subject subject, struct ifp_wide used,
                              struct ifp_wide limit)
{
    double violation = ifp_limit_traits_of(kind)->count ? ifp_violation_of_count(used, limit)
                                                        : ifp_violation_of_quantity(used, limit);
    ifp_evaluation_add_judged(evaluation, violation, kind, subject, used, limit);
}

struct ifp_wide ifp_evaluation_unmet(const struct ifp_query_totals *totals)
{
    struct ifp_wide listed = ifp_wide_plus(totals->share, totals->unmet);
    return ifp_wide_plus(totals->unmet, ifp_violation_missing(listed, totals->fractions));
}
