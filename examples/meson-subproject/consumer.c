/* SPDX-License-Identifier: MIT */
/* Says which inferplan it was linked with, and reads an instance if one is given. */
#include <stdio.h>

#include <inferplan/inferplan.h>

int main(int argc, char **argv)
{
    int result = 0;
    printf("inferplan %s\n", ifp_version());
    if (argc > 1) {
        ifp_error *error = ifp_error_new();
        ifp_instance *instance = ifp_instance_read_file(argv[1], error);
        if (instance)
            printf("%s: %zu query types\n", ifp_instance_name(instance),
                   ifp_instance_query_count(instance));
        else
            fprintf(stderr, "consumer: %s\n", ifp_error_message(error));
        result = instance ? 0 : 1;
        ifp_instance_free(instance);
        ifp_error_free(error);
    }
    return result;
}
