/* SPDX-License-Identifier: MIT */
/* The fields of the file format, in one table. Reading, writing, paths and validation use it, so
 * the name, range and default of a field are defined once. */
#ifndef IFP_INSTANCE_FIELDS_H
#define IFP_INSTANCE_FIELDS_H

#include "instance/instance.h"

enum ifp_field_kind {
    IFP_FIELD_NUMBER,    /* double */
    IFP_FIELD_WORD,      /* int, an index into words */
    IFP_FIELD_FLAG,      /* bool */
    IFP_FIELD_NUMBERS,   /* struct ifp_numbers */
    IFP_FIELD_REFERENCE, /* char *, the name of a member of `list`, or NULL */
    IFP_FIELD_SECTION /* a nested object or list; `offset` is added to the offsets of `section` */
};

/* The meaning of an absent field. */
enum ifp_presence {
    IFP_REQUIRED,  /* an error; stored as NaN until given */
    IFP_LIMIT,     /* no limit, stored as +infinity; null means the same */
    IFP_DEFAULT,   /* the value in `absent` */
    IFP_OPEN,      /* the value in `absent`; null means no limit, stored as +infinity */
    IFP_INHERITED, /* the value of another field; stored as NaN, or -1 for a word */
    IFP_UNSET      /* not given; stored as NaN or an empty list; null means the same */
};

/* Conditions on the numbers of a list. */
enum ifp_order { IFP_ORDER_ANY, IFP_ORDER_DISTINCT, IFP_ORDER_ASCENDING };

struct ifp_section;

struct ifp_field {
    const char *name;
    enum ifp_field_kind kind;
    enum ifp_presence presence;
    size_t offset; /* in the section's record */
    double absent;
    double low;
    bool above; /* low itself is not allowed */
    bool below; /* high itself is not allowed */
    bool whole; /* integers only */
    double high;
    const char *const *words; /* NULL-terminated; a number may also be one of these */
    bool stated;              /* written even if it has its default; words only */
    bool fixed;               /* identifies the member, so that a path cannot set it */
    int form;                 /* the form of the section that it belongs to; 0: all of them */
    enum ifp_order order;
    const char *plural; /* what distinct numbers are called: "degrees" */
    const struct ifp_section *section;
    int list; /* IFP_SECTION_.. of a member */
};

/* What identifies the members of a list. */
enum ifp_key {
    IFP_KEY_NAME,          /* the field name */
    IFP_KEY_CONFIGURATION, /* the fields model, tier and tp_degree */
    IFP_KEY_QUERY          /* the list is an object in the file, keyed by names of query types */
};

/*
 * A section is an object or a list of the file. Offsets are in its owner: struct ifp_instance for
 * the sections of the top level, and the record that contains it for a nested section. The fields
 * of an object are in the owner itself. Lists have records, which all begin with char *name and
 * char *extra.
 *
 * A section may have forms, of which a record has at most one: each field belongs to one form or to
 * all. If `stores_form` is true, a record of an object stores its form, and setting a field of
 * another form replaces the form.
 */
struct ifp_section {
    const char *name; /* "" for the top level */
    const struct ifp_field *fields;
    size_t field_count;
    bool list;
    bool optional;    /* may be absent; a list may also be empty */
    const char *noun; /* what a member of a list is called: "query" */
    enum ifp_key key;
    size_t extra;      /* offset of the x_ members in the owner, objects only */
    size_t data;       /* offset of the records in the owner, lists only */
    size_t count;      /* offset of the number of records */
    size_t names;      /* offset of the records' names, struct ifp_names */
    size_t stride;     /* size of a record */
    const char *forms; /* describes the allowed forms; NULL: there is one only */
    bool stores_form;
    size_t form; /* offset of the stored form, int; 0 is absent */
};

enum {
    IFP_SECTION_TOP,
    IFP_SECTION_HORIZON,
    IFP_SECTION_LIMITS,
    IFP_SECTION_POLICY,
    IFP_SECTION_UNCERTAINTY,
    IFP_SECTION_QUERIES,
    IFP_SECTION_MODELS,
    IFP_SECTION_TIERS,
    IFP_SECTION_POOLS,
    IFP_SECTION_PROFILES,
    IFP_SECTION_COUNT
};

extern const struct ifp_section ifp_sections[IFP_SECTION_COUNT];

struct ifp_record {
    char *name;
    char *extra;
};

/* The list of the top level whose members are called `noun`. NULL if there is none. */
const struct ifp_section *ifp_section_of_noun(const char *noun);
/* The names of a list's members. */
struct ifp_names *ifp_section_names(const struct ifp_section *section, const void *owner);
size_t ifp_section_length(const struct ifp_section *section, const void *owner);
/* The record with the section's fields. `index` is ignored for objects. */
void *ifp_section_record(const struct ifp_section *section, const void *owner, size_t index);
/* The index of the member with that name, or the list's length if it is missing. */
size_t ifp_section_find(const struct ifp_section *section, const void *owner, const char *name);
const struct ifp_field *ifp_section_field(const struct ifp_section *section, const char *name,
                                          size_t length);
/* The x_ members of a record. */
char **ifp_section_extra(const struct ifp_section *section, void *record);

/* Typed access to a field of a record. */
double *ifp_field_number(const struct ifp_field *field, void *record);
int *ifp_field_word(const struct ifp_field *field, void *record);
bool *ifp_field_flag(const struct ifp_field *field, void *record);
struct ifp_numbers *ifp_field_numbers(const struct ifp_field *field, void *record);
char **ifp_field_reference(const struct ifp_field *field, void *record);
/* The owner of a nested section. */
void *ifp_field_owner(const struct ifp_field *field, const void *record);

/* May the field be null? */
bool ifp_field_nullable(const struct ifp_field *field);
/* Does the record have the form that the field belongs to? */
bool ifp_field_has_form(const struct ifp_section *section, const struct ifp_field *field,
                        const void *record);

/* Fill a new record with the values of absent fields. */
void ifp_section_defaults(const struct ifp_section *section, void *record);

/* Is the value in the field's range? */
bool ifp_field_holds(const struct ifp_field *field, double value);
/* Returns IFP_OK if the value is in the field's range, else reports "found ..; allowed: ..". */
int ifp_field_check(const struct ifp_field *field, double value, const char *where,
                    struct ifp_error *error);
/* Check a list of numbers: it is not empty, and each number is in range and in order.
 * `path` may be NULL if `error` is NULL. */
int ifp_numbers_check(const struct ifp_field *field, const double *values, size_t count,
                      const char *path, struct ifp_error *error);
/* The index of a word, or -1 with *error set if the field has no such word. */
int ifp_field_word_index(const struct ifp_field *field, const char *word, const char *where,
                         struct ifp_error *error);
/* Append a description of the values that the field allows. */
void ifp_field_allowed(const struct ifp_field *field, struct ifp_text *text);

/* The performance tables: the range and the number of dimensions of each. */
struct ifp_table_field {
    struct ifp_field field; /* name, presence, absent, range and words; the rest is unused */
    size_t word;            /* with a word: offset of the bool in struct ifp_instance */
    int dimensions;         /* 3: query, model, tier; 2: model, tier */
    bool nullable;          /* null: not a candidate */
};

extern const struct ifp_table_field ifp_table_fields[IFP_PERFORMANCE_COUNT];

/* The list that indexes a dimension of the table. */
const struct ifp_section *ifp_table_list(const struct ifp_table_field *table, int dimension);

#endif
