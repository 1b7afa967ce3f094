/* SPDX-License-Identifier: MIT */
/* The plan as a document: what is read, from text and from files, and what is refused. */
#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <inferplan/inferplan.h>

#include "plan/plan.h"
#include "support/plan_small.h"
#include "support/suite.h"
#include "util/error.h"
#include "util/file.h"
#include "util/json_read.h"

static void expect_refused(const char *text, int code, const char *message)
{
    ck_assert_ptr_null(read_text(text));
    ck_assert_str_eq(ifp_error_message(error), message);
    ck_assert_int_eq(ifp_error_code(error), code);
    size_t place = strlen(ifp_error_where(error));
    ck_assert_int_eq(strncmp(message, ifp_error_where(error), place), 0);
    /* Nobody has to want to know. */
    ck_assert_ptr_null(ifp_plan_read_string(instance, text, strlen(text), NULL));
}

START_TEST(reads_only_what_a_plan_decides)
{
    ifp_plan *plan = read_text(
        HEADER "\"instance\": \"another\", \"status\": \"optimal\", \"objective_usd\": -1,"
               " \"costs\": 7, \"limits\": {\"x\": []}, \"verified\": \"yes\","
               " \"engine\": null, \"anything\": [[1]], " DEPLOYMENTS ", " ROUTES ", " UNMET "}");
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    ck_assert_uint_eq(ifp_plan_deployment_count(plan), 2);
    ck_assert_uint_eq(ifp_plan_route_count(plan), 3);
    ck_assert_int_eq(ifp_error_code(error), IFP_OK);
    ifp_plan_free(plan);
}
END_TEST

/* What a check writes of a plan that breaks limits is a plan all the same. */
START_TEST(infeasible_with_a_plan_is_read)
{
    ifp_plan *plan =
        read_text(HEADER "\"status\": \"infeasible\", " DEPLOYMENTS ", " ROUTES ", " UNMET "}");
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    ifp_plan_free(plan);
    plan = read_text(HEADER "\"status\": \"infeasible\", \"deployments\": [], \"routes\": [],"
                            " \"unmet\": [{\"query\": \"a\", \"fraction\": 1}]}");
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    ifp_plan_free(plan);
    plan = read_text(HEADER "\"deployments\": [], \"routes\": [], \"unmet\": []}");
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    ifp_plan_free(plan);
}
END_TEST

/* What breaks a limit is no error of the document: the check judges it, as it is. The GPUs are not
 * compared where there are none. */
START_TEST(numbers_that_no_plan_may_have_are_read)
{
    static const struct {
        const char *routes;
        const char *deployments;
        const char *unmet;
        const char *reason;
    } cases[] = {
        {"1.5", "1, \"replicas\": 1", "0", "route[a,M,T]: the fraction 1.5 is not from 0 to 1"},
        {"-0.25", "1, \"replicas\": 1", "1.25",
         "route[a,M,T]: the fraction -0.25 is not from 0 to 1"},
        {"-0.25", "1, \"replicas\": 1", "3", "unmet[a]: 3 of 1"},
        {"3", "1, \"replicas\": 1", "-2", "route[a,M,T]: the fraction 3 is not from 0 to 1"},
        {"1", "3, \"replicas\": 1", "0", "deployment[M,T]: degree 3 is none of the tier's"},
        {"1", "0, \"replicas\": 1", "0", "deployment[M,T]: degree 0 is none of the tier's"},
        {"1", "-2, \"replicas\": 1, \"gpus\": -2", "0",
         "deployment[M,T]: degree -2 is none of the tier's"},
        {"1", "1, \"replicas\": 0, \"gpus\": 1", "0",
         "deployment[M,T]: 0 replicas, at least 1 is required"},
        {"1", "1, \"replicas\": -3", "0", "deployment[M,T]: -3 replicas, at least 1 is required"},
        {"1", "1, \"replicas\": 5, \"gpus\": 5", "0", "deployment[M,T]: 5 of 1 replicas"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char text[1024] = HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\","
                                 " \"tp_degree\": ";
        strcat(text, cases[c].deployments);
        strcat(text, "}], \"routes\": [{\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\","
                     " \"fraction\": ");
        strcat(text, cases[c].routes);
        strcat(text, "}], \"unmet\": [{\"query\": \"b\", \"fraction\": 1},"
                     " {\"query\": \"a\", \"fraction\": ");
        strcat(text, cases[c].unmet);
        strcat(text, "}]}");
        ifp_plan *plan = read_text(text);
        ck_assert_msg(plan != NULL, "%s: %s", cases[c].reason, ifp_error_message(error));
        ifp_check *check = ifp_check_new(instance, plan, error);
        ck_assert_msg(check != NULL, "%s", ifp_error_message(error));
        ck_assert_int_eq(ifp_check_feasible(check), 0);
        ck_assert_str_eq(ifp_check_reason(check), cases[c].reason);
        ifp_check_free(check);
        ifp_plan_free(plan);
    }
}
END_TEST

START_TEST(fractions_are_read_as_they_are)
{
    ifp_plan *plan = read_text(
        HEADER "\"deployments\": [], \"unmet\": [],"
               " \"routes\": [{\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\","
               " \"fraction\": 1.0000000009},"
               " {\"query\": \"b\", \"model\": \"M\", \"tier\": \"T\", \"fraction\": -9e-10}]}");
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    ck_assert_double_eq(plan->routes[0].fraction, 1.0000000009);
    ck_assert_double_eq(plan->routes[1].fraction, -9e-10);
    ifp_plan_free(plan);
}
END_TEST

START_TEST(integers_written_as_reals_are_integers)
{
    ifp_plan *plan =
        read_text(HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2.0,"
                         " \"replicas\": 1e1, \"gpus\": 2e1}], \"routes\": [], \"unmet\": []}");
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    ck_assert_int_eq(plan->deployments[0].degree, 2);
    ck_assert_int_eq(plan->deployments[0].replicas, 10);
    ifp_plan_free(plan);
}
END_TEST

static const struct {
    const char *text;
    int code;
    const char *message;
} refusals[] = {
    {"{\"format\": \"inferplan-plan\",\n \"version\" 1}", IFP_ERROR_SYNTAX,
     "line 2, column 12: found '1'; allowed: ':' after a key"},
    {"", IFP_ERROR_SYNTAX,
     "line 1, column 1: found the end of the text; allowed: a value (a number, string, list, "
     "object, true, false or null)"},
    {HEADER DEPLOYMENTS ",\n" DEPLOYMENTS "}", IFP_ERROR_SYNTAX,
     "line 2, column 1: found \"deployments\" again; allowed: each key of an object once"},
    {"[]", IFP_ERROR_VALUE,
     "found an empty list; allowed: an object with format \"inferplan-plan\""},
    {"null", IFP_ERROR_VALUE, "found null; allowed: an object with format \"inferplan-plan\""},
    {"{}", IFP_ERROR_VALUE, "format: missing; allowed: \"inferplan-plan\""},
    {"{\"format\": \"inferplan-instance\"}", IFP_ERROR_VALUE,
     "format: found \"inferplan-instance\"; allowed: \"inferplan-plan\""},
    {"{\"format\": \"inferplan-plan\"}", IFP_ERROR_VALUE, "version: missing; allowed: 1"},
    {"{\"format\": \"inferplan-plan\", \"version\": 2}", IFP_ERROR_VALUE,
     "version: found 2; allowed: 1"},
    {"{\"format\": \"inferplan-plan\", \"version\": \"1\"}", IFP_ERROR_VALUE,
     "version: found \"1\"; allowed: 1"},
    {HEADER "\"status\": \"infeasible\"}", IFP_ERROR_VALUE,
     "status: found \"infeasible\"; allowed: a document that holds a plan (this one has no "
     "deployments, routes or unmet shares)"},
    {HEADER "\"status\": \"no_plan\", \"deployments\": [], \"routes\": [], \"unmet\": []}",
     IFP_ERROR_VALUE,
     "status: found \"no_plan\"; allowed: a document that holds a plan (this one has no "
     "deployments, routes or unmet shares)"},
    {HEADER ROUTES ", " UNMET "}", IFP_ERROR_VALUE, "deployments: missing; allowed: a list"},
    {HEADER DEPLOYMENTS ", \"routes\": {}, " UNMET "}", IFP_ERROR_VALUE,
     "routes: found an object; allowed: a list"},
    {HEADER DEPLOYMENTS ", " ROUTES "}", IFP_ERROR_VALUE, "unmet: missing; allowed: a list"},
    {HEADER DEPLOYMENTS ", \"routes\": [false]}", IFP_ERROR_VALUE,
     "routes[0]: found false; allowed: an object"},
    {HEADER "\"deployments\": [true]}", IFP_ERROR_VALUE,
     "deployments[0]: found true; allowed: an object"},
    {HEADER "\"deployments\": [{\"tier\": \"T\", \"tp_degree\": 1, \"replicas\": 1}]}",
     IFP_ERROR_VALUE,
     "deployments[0].model: missing; allowed: the name of a model of the instance: \"M\", \"N\""},
    {HEADER "\"deployments\": [{\"model\": \"T\", \"tier\": \"T\"}]}", IFP_ERROR_VALUE,
     "deployments[0].model: found \"T\"; allowed: the name of a model of the instance: \"M\", "
     "\"N\""},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": 4.5}]}", IFP_ERROR_VALUE,
     "deployments[0].tier: found 4.5; allowed: the name of a tier of the instance: \"T\", \"U\""},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\"}]}", IFP_ERROR_VALUE,
     "deployments[0].tp_degree: missing; allowed: an integer from 1 to 1e15"},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1.5}]}",
     IFP_ERROR_VALUE, "deployments[0].tp_degree: found 1.5; allowed: an integer from 1 to 1e15"},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": \"1\"}]}",
     IFP_ERROR_VALUE, "deployments[0].tp_degree: found \"1\"; allowed: an integer from 1 to 1e15"},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1,"
            " \"replicas\": 0.5}]}",
     IFP_ERROR_VALUE, "deployments[0].replicas: found 0.5; allowed: an integer from 1 to 1e15"},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1,"
            " \"replicas\": -2e15}]}",
     IFP_ERROR_VALUE, "deployments[0].replicas: found -2e+15; allowed: an integer from 1 to 1e15"},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1e15,"
            " \"replicas\": 1e15}]}",
     IFP_ERROR_VALUE,
     "deployments[0].replicas: found 1e+15; allowed: at most 1e15 GPUs in a deployment"},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2,"
            " \"replicas\": 3, \"gpus\": 5}]}",
     IFP_ERROR_VALUE, "deployments[0].gpus: found 5; allowed: tp_degree times replicas, 6"},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2,"
            " \"replicas\": 3, \"gpus\": null}]}",
     IFP_ERROR_VALUE, "deployments[0].gpus: found null; allowed: tp_degree times replicas, 6"},
    {HEADER "\"deployments\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1,"
            " \"replicas\": 1}, {\"model\": \"N\", \"tier\": \"T\", \"tp_degree\": 1,"
            " \"replicas\": 1}, {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2,"
            " \"replicas\": 1}]}",
     IFP_ERROR_VALUE, "deployments[2]: found the same as in deployments[0]; allowed: each once"},
    {HEADER DEPLOYMENTS ", \"routes\": [[]]}", IFP_ERROR_VALUE,
     "routes[0]: found an empty list; allowed: an object"},
    {HEADER DEPLOYMENTS ", \"routes\": [{\"query\": \"c\"}]}", IFP_ERROR_VALUE,
     "routes[0].query: found \"c\"; allowed: the name of a query of the instance: \"a\", \"b\""},
    {HEADER DEPLOYMENTS ", \"routes\": [{\"query\": \"a\", \"model\": \"\"}]}", IFP_ERROR_VALUE,
     "routes[0].model: found \"\"; allowed: the name of a model of the instance: \"M\", \"N\""},
    {HEADER DEPLOYMENTS ", \"routes\": [{\"query\": \"a\", \"model\": \"M\"}]}", IFP_ERROR_VALUE,
     "routes[0].tier: missing; allowed: the name of a tier of the instance: \"T\", \"U\""},
    {HEADER DEPLOYMENTS ", \"routes\": [{\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\"}]}",
     IFP_ERROR_VALUE, "routes[0].fraction: missing; allowed: a number from 0 to 1"},
    {HEADER DEPLOYMENTS ", \"routes\": [{\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\","
                        " \"fraction\": 1.5e15}]}",
     IFP_ERROR_VALUE, "routes[0].fraction: found 1.5e+15; allowed: a number from 0 to 1"},
    {HEADER DEPLOYMENTS ", \"routes\": [{\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\","
                        " \"fraction\": null}]}",
     IFP_ERROR_VALUE, "routes[0].fraction: found null; allowed: a number from 0 to 1"},
    {HEADER DEPLOYMENTS ", \"routes\": [{\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\","
                        " \"fraction\": \"half\"}]}",
     IFP_ERROR_VALUE, "routes[0].fraction: found \"half\"; allowed: a number from 0 to 1"},
    {HEADER DEPLOYMENTS ", \"routes\": [{\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\","
                        " \"fraction\": 1}, {\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\","
                        " \"fraction\": 0}]}",
     IFP_ERROR_VALUE, "routes[1]: found the same as in routes[0]; allowed: each once"},
    {HEADER DEPLOYMENTS ", " ROUTES ", \"unmet\": [{\"query\": \"M\", \"fraction\": 1}]}",
     IFP_ERROR_VALUE,
     "unmet[0].query: found \"M\"; allowed: the name of a query of the instance: \"a\", \"b\""},
    {HEADER DEPLOYMENTS ", " ROUTES ", \"unmet\": [{\"query\": \"a\", \"fraction\": -2e15}]}",
     IFP_ERROR_VALUE, "unmet[0].fraction: found -2e+15; allowed: a number from 0 to 1"},
    {HEADER DEPLOYMENTS ", " ROUTES
                        ", \"unmet\": [{\"query\": \"b\", \"fraction\": 0.5}, {\"query\": \"a\","
                        " \"fraction\": 0}, {\"query\": \"a\", \"fraction\": 0},"
                        " {\"query\": \"b\", \"fraction\": 0.5}]}",
     IFP_ERROR_VALUE, "unmet[2]: found the same as in unmet[1]; allowed: each once"},
};

START_TEST(refuses_documents)
{
    expect_refused(refusals[_i].text, refusals[_i].code, refusals[_i].message);
}
END_TEST

START_TEST(arguments_may_not_be_null)
{
    ck_assert_ptr_null(ifp_plan_read_string(NULL, "{}", 2, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_ARGUMENT);
    ck_assert_str_eq(ifp_error_message(error), "the instance is NULL");
    ck_assert_ptr_null(ifp_plan_read_string(instance, NULL, 0, error));
    ck_assert_str_eq(ifp_error_message(error), "the text is NULL");
    ck_assert_ptr_null(ifp_plan_read_file(NULL, "plan.json", error));
    ck_assert_str_eq(ifp_error_message(error), "the instance is NULL");
    ck_assert_ptr_null(ifp_plan_read_file(instance, NULL, error));
    ck_assert_str_eq(ifp_error_message(error), "the path is NULL");
    ck_assert_ptr_null(ifp_plan_read_file(instance, NULL, NULL));
}
END_TEST

/* A file of this content; the name is the caller's to remove. */
static void write_file(char *path, const char *content, size_t size)
{
    strcpy(path, "/tmp/inferplan-test-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq((int)write(descriptor, content, size), (int)size);
    ck_assert_int_eq(close(descriptor), 0);
}

START_TEST(reads_files)
{
    static const char good[] = HEADER DEPLOYMENTS ", " ROUTES ", " UNMET "}\n";
    static const char bad[] = HEADER "\"deployments\": 3}";
    static const char broken[] = HEADER "\n]";
    char path[64];
    char expected[256];
    write_file(path, good, strlen(good));
    ifp_plan *plan = ifp_plan_read_file(instance, path, error);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    ck_assert_uint_eq(ifp_plan_route_count(plan), 3);
    ifp_plan_free(plan);

    write_file(path, bad, strlen(bad));
    ck_assert_ptr_null(ifp_plan_read_file(instance, path, error));
    ck_assert_int_eq(unlink(path), 0);
    (void)snprintf(expected, sizeof expected, "%s: deployments: found 3; allowed: a list", path);
    ck_assert_str_eq(ifp_error_message(error), expected);
    ck_assert_str_eq(ifp_error_where(error), "deployments");
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);

    write_file(path, broken, strlen(broken));
    ck_assert_ptr_null(ifp_plan_read_file(instance, path, error));
    ck_assert_int_eq(unlink(path), 0);
    (void)snprintf(expected, sizeof expected,
                   "%s: line 2, column 1: found ']'; allowed: a key in quotes after ','", path);
    ck_assert_str_eq(ifp_error_message(error), expected);
    ck_assert_str_eq(ifp_error_where(error), "line 2, column 1");
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_SYNTAX);
}
END_TEST

START_TEST(files_that_cannot_be_read)
{
    ck_assert_ptr_null(ifp_plan_read_file(instance, "/nonexistent/plan.json", error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_FILE);
    ck_assert_str_eq(ifp_error_message(error),
                     "/nonexistent/plan.json: cannot be opened: No such file or directory");
    ck_assert_str_eq(ifp_error_where(error), "");
    ck_assert_ptr_null(ifp_plan_read_file(instance, "/", error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_FILE);
    ck_assert_str_eq(ifp_error_message(error), "/: cannot be read: Is a directory");
}
END_TEST

/* Sizes around those at which the buffer grows; the content comes back whole and with a NUL. */
START_TEST(file_sizes)
{
    static const size_t sizes[] = {0, 1, 16383, 16384, 16385, 32768, 100000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        char path[64];
        char *content = malloc(sizes[s] + 1);
        ck_assert_ptr_nonnull(content);
        for (size_t c = 0; c < sizes[s]; c++)
            content[c] = (char)('a' + c % 23);
        write_file(path, content, sizes[s]);
        size_t size = 77;
        char *read = ifp_file_read(path, &size, error);
        ck_assert_int_eq(unlink(path), 0);
        ck_assert_ptr_nonnull(read);
        ck_assert_uint_eq(size, sizes[s]);
        if (size > 0)
            ck_assert_mem_eq(read, content, size);
        ck_assert_int_eq(read[size], '\0');
        free(read);
        free(content);
    }
}
END_TEST

/* A dash is the name of a file like any other: standard input is the command line's affair. */
START_TEST(dash_is_a_file)
{
    char before[4096];
    char directory[] = "/tmp/inferplan-test-XXXXXX";
    ck_assert_ptr_nonnull(getcwd(before, sizeof before));
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    size_t size = 77;
    char *none = ifp_file_read("-", &size, error);
    FILE *file = fopen("-", "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs("dash", file), 0);
    ck_assert_int_eq(fclose(file), 0);
    size_t found = 0;
    char *content = ifp_file_read("-", &found, NULL);
    (void)unlink("-");
    ck_assert_int_eq(chdir(before), 0);
    ck_assert_int_eq(rmdir(directory), 0);
    ck_assert_ptr_null(none);
    ck_assert_uint_eq(size, 0);
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_FILE);
    ck_assert_ptr_nonnull(content);
    ck_assert_str_eq(content, "dash");
    ck_assert_uint_eq(found, 4);
    free(content);
}
END_TEST

static const struct {
    const char *text;
    size_t length; /* 0: up to the NUL */
    const char *message;
} syntax[] = {
    {"[1,]", 0,
     "line 1, column 4: found ']'; allowed: a value (a number, string, list, object, true, false "
     "or null)"},
    {"[1 2]", 0, "line 1, column 4: found '2'; allowed: ',' or ']'"},
    {"{\"a\": 1 \"b\": 2}", 0, "line 1, column 9: found '\"'; allowed: ',' or '}'"},
    {"{\"a\": 1,}", 0, "line 1, column 9: found '}'; allowed: a key in quotes after ','"},
    {"{a: 1}", 0, "line 1, column 2: found 'a'; allowed: a key in quotes or '}'"},
    {"[1], [2]", 0, "line 1, column 4: found ','; allowed: nothing after the value"},
    {"1], [2", 0, "line 1, column 2: found ']'; allowed: nothing after the value"},
    {"[1, 2\n", 0, "line 2, column 1: found the end of the text; allowed: ',' or ']'"},
    {"[01]", 0, "line 1, column 3: found '1'; allowed: a number without a leading 0"},
    {"[1.]", 0, "line 1, column 4: found ']'; allowed: a digit"},
    {"[-]", 0, "line 1, column 3: found ']'; allowed: a digit"},
    {"[1e+]", 0, "line 1, column 5: found ']'; allowed: a digit"},
    {"[NaN]", 0,
     "line 1, column 2: found 'N'; allowed: a value (a number, string, list, object, true, false "
     "or null)"},
    {"[truefalse]", 0, "line 1, column 6: found 'f'; allowed: ',' or ']'"},
    {"[\n 1e999 ]", 0,
     "line 2, column 2: found 1e999; allowed: a number that is not too large to be held"},
    {"[-123456789012345678901]", 0,
     "line 1, column 2: found -123456789012345678901; allowed: a number that is not too large to "
     "be held"},
    {"{\"\xc3\xa9\": 1, \"a\\\"\": 2, \"a\\\"\": 3}", 0,
     "line 1, column 20: found \"a\\\"\" again; allowed: each key of an object once"},
    {"{\"\\u0061\": 1, \"a\": 2}", 0,
     "line 1, column 15: found \"a\" again; allowed: each key of an object once"},
    {"[\"a\nb\"]", 0,
     "line 1, column 4: found the end of the line; allowed: '\"' to end the string (control "
     "characters are escaped)"},
    {"[\"a\0b\"]", 7,
     "line 1, column 4: found byte 0x00; allowed: '\"' to end the string (control characters are "
     "escaped)"},
    {"[\"\\x\"]", 0,
     "line 1, column 4: found 'x'; allowed: one of \" \\ / b f n r t u after a backslash"},
    {"[\"\\u12g4\"]", 0, "line 1, column 7: found 'g'; allowed: four hexadecimal digits after \\u"},
    {"[\"\\ud83D\\uDg00\"]", 0,
     "line 1, column 12: found 'g'; allowed: four hexadecimal digits after \\u"},
    {"{\"a\"", 0, "line 1, column 5: found the end of the text; allowed: ':' after a key"},
    {"{\"a", 0,
     "line 1, column 4: found the end of the text; allowed: '\"' to end the string (control "
     "characters are escaped)"},
    {"[\"\\u0000\"]", 0, "line 1, column 3: found '\\'; allowed: any character but \\u0000"},
    {"[\"\\ud800\"]", 0, "line 1, column 3: found '\\'; allowed: a whole surrogate pair after \\u"},
    {"[\"\\ud800\\u0041\"]", 0,
     "line 1, column 3: found '\\'; allowed: a whole surrogate pair after \\u"},
    {"[\"\\udc00\"]", 0, "line 1, column 3: found '\\'; allowed: a whole surrogate pair after \\u"},
    {"[\"\xff\"]", 0, "line 1, column 3: found byte 0xff; allowed: UTF-8"},
    {"[\"\xc0\x80\"]", 0, "line 1, column 3: found byte 0xc0; allowed: UTF-8"},
    {"[\"\xe0\x80\x80\"]", 0, "line 1, column 3: found byte 0xe0; allowed: UTF-8"},
    {"[\"\xed\xa0\x80\"]", 0, "line 1, column 3: found byte 0xed; allowed: UTF-8"},
    {"[\"\xf4\x90\x80\x80\"]", 0, "line 1, column 3: found byte 0xf4; allowed: UTF-8"},
    {"[\"\xe2\x82", 0, "line 1, column 3: found byte 0xe2; allowed: UTF-8"},
};

START_TEST(refuses_syntax)
{
    size_t length = syntax[_i].length ? syntax[_i].length : strlen(syntax[_i].text);
    json_t *root = NULL;
    ck_assert_int_eq(ifp_json_parse(syntax[_i].text, length, &root, error), IFP_ERROR_SYNTAX);
    ck_assert_ptr_null(root);
    ck_assert_str_eq(ifp_error_message(error), syntax[_i].message);
    /* "line L, column C" and nothing more */
    const char *colon = strchr(syntax[_i].message, ':');
    ck_assert_uint_eq(strlen(ifp_error_where(error)), (size_t)(colon - syntax[_i].message));
}
END_TEST

/* Whatever is longer than the parser's first buffers arrives to the last character. */
START_TEST(parses_what_is_right)
{
    static const char text[] =
        " {\"a key of more than sixteen bytes\": [1, -2.5e-3, 0.123456789012345678, true, false,"
        " null, {}, []],\r\n\t\"\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\": \"\xc3\xa9\xe2\x82\xac"
        "\xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf\", \"\": -0} ";
    json_t *root = NULL;
    ck_assert_int_eq(ifp_json_parse(text, strlen(text), &root, error), IFP_OK);
    json_t *list = json_object_get(root, "a key of more than sixteen bytes");
    ck_assert_uint_eq(json_array_size(list), 8);
    ck_assert_double_eq(json_number_value(json_array_get(list, 1)), -2.5e-3);
    ck_assert_double_eq(json_number_value(json_array_get(list, 2)), 0.123456789012345678);
    ck_assert(json_is_true(json_array_get(list, 3)));
    ck_assert(json_is_null(json_array_get(list, 5)));
    ck_assert_str_eq(json_string_value(json_object_get(root, "\xf0\x9f\x98\x80\"\\/\b\f\n\r\t")),
                     "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf");
    ck_assert_uint_eq(json_object_size(root), 3);
    json_decref(root);
    ck_assert_int_eq(ifp_json_parse("7", 1, &root, error), IFP_OK);
    ck_assert_int_eq(json_integer_value(root), 7);
    json_decref(root);
}
END_TEST

START_TEST(nesting_has_an_end)
{
    char text[2 * IFP_JSON_DEPTH_MAX + 2];
    json_t *root = NULL;
    memset(text, '[', IFP_JSON_DEPTH_MAX);
    memset(text + IFP_JSON_DEPTH_MAX, ']', IFP_JSON_DEPTH_MAX);
    ck_assert_int_eq(ifp_json_parse(text, 2 * IFP_JSON_DEPTH_MAX, &root, error), IFP_OK);
    json_decref(root);
    memset(text, '[', IFP_JSON_DEPTH_MAX + 1);
    memset(text + IFP_JSON_DEPTH_MAX + 1, ']', IFP_JSON_DEPTH_MAX + 1);
    ck_assert_int_eq(ifp_json_parse(text, sizeof text, &root, error), IFP_ERROR_SYNTAX);
    ck_assert_str_eq(ifp_error_where(error), "line 1, column 513");
}
END_TEST

START_TEST(long_names_are_cut_in_messages)
{
    /* 30 bytes of each end are shown, where a character of two bytes would be split. */
    expect_refused(HEADER "\"deployments\": [{\"model\": "
                          "\"12345678901234567890123456789\xc3\xa9 and much more "
                          "\xc3\xa9 12345678901234567890123456789\"}]}",
                   IFP_ERROR_VALUE,
                   "deployments[0].model: found \"12345678901234567890123456789... "
                   "12345678901234567890123456789\"; allowed: the name of a model of the instance: "
                   "\"M\", \"N\"");
    expect_refused(
        HEADER "\"deployments\": [{\"model\": "
               "\"123456789012345678901234567890123456789012345678901234567890123\"}]}",
        IFP_ERROR_VALUE,
        "deployments[0].model: found \"12345678901234567890123456789012345678901234567890"
        "1234567890123\"; allowed: the name of a model of the instance: \"M\", \"N\"");
}
END_TEST

static Suite *plan_read_suite(void)
{
    Suite *suite = suite_create("plan_read");
    TCase *document = tcase_create("document");
    tcase_add_checked_fixture(document, setup, teardown);
    tcase_add_test(document, reads_only_what_a_plan_decides);
    tcase_add_test(document, infeasible_with_a_plan_is_read);
    tcase_add_test(document, numbers_that_no_plan_may_have_are_read);
    tcase_add_test(document, fractions_are_read_as_they_are);
    tcase_add_test(document, integers_written_as_reals_are_integers);
    tcase_add_loop_test(document, refuses_documents, 0, (int)(sizeof refusals / sizeof *refusals));
    tcase_add_test(document, long_names_are_cut_in_messages);
    tcase_add_test(document, arguments_may_not_be_null);
    suite_add_tcase(suite, document);

    TCase *text = tcase_create("text");
    tcase_add_checked_fixture(text, setup, teardown);
    tcase_add_test(text, reads_files);
    tcase_add_test(text, files_that_cannot_be_read);
    tcase_add_test(text, file_sizes);
    tcase_add_test(text, dash_is_a_file);
    tcase_add_loop_test(text, refuses_syntax, 0, (int)(sizeof syntax / sizeof *syntax));
    tcase_add_test(text, parses_what_is_right);
    tcase_add_test(text, nesting_has_an_end);
    suite_add_tcase(suite, text);
    return suite;
}

int main(void)
{
    return suite_run(plan_read_suite());
}
