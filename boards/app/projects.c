/* SPDX-License-Identifier: Apache-2.0 */
#include "projects.h"

#include <string.h>

enum { MOST_PROJECTS = 16, LONGEST_NAME = 48, LARGEST_NUMBER = 65535 };

/* A row carries the owner id of who made it. */
struct project {
    uint8_t owner[WARD_OWNER_SIZE];
    uint16_t number;
    uint8_t name_length;
    char name[LONGEST_NAME];
};

static struct project projects[MOST_PROJECTS];
static uint16_t last_number;

static void refuse(struct api_response *response, uint16_t http, const char *error)
{
    response->http = http;
    api_put(response, "{\"error\":\"");
    api_put(response, error);
    api_put(response, "\"}");
}

static void put_project(struct api_response *response, const struct project *project)
{
    api_put(response, "{\"number\":");
    api_put_number(response, project->number);
    api_put(response, ",\"name\":\"");
    api_put_text(response, ward_text_of(project->name, project->name_length));
    api_put(response, "\"}");
}

static void list(const struct ward_grant *grant, struct api_response *response)
{
    const char *separator = "";
    api_put(response, "{\"projects\":[");
    for (size_t i = 0; i < MOST_PROJECTS; i++) {
        if (projects[i].number == 0 || !ward_owns(grant, projects[i].owner))
            continue;
        api_put(response, separator);
        put_project(response, &projects[i]);
        separator = ",";
    }
    api_put(response, "]}");
}

/* A row of this number that the caller owns. Another's is as if it were not there. */
static struct project *own_project(const struct ward_grant *grant, uint32_t number)
{
    for (size_t i = 0; i < MOST_PROJECTS; i++)
        if (number > 0 && projects[i].number == number && ward_owns(grant, projects[i].owner))
            return &projects[i];
    return NULL;
}

static bool name_is_valid(struct ward_text name)
{
    return name.length > 0 && name.length <= LONGEST_NAME;
}

static void set_name(struct project *project, struct ward_text name)
{
    memcpy(project->name, name.data, name.length);
    project->name_length = (uint8_t)name.length;
}

static void make(const struct ward_grant *grant, const struct api_request *request, struct api_response *response)
{
    struct project *project = NULL;
    for (size_t i = 0; i < MOST_PROJECTS && project == NULL; i++)
        if (projects[i].number == 0)
            project = &projects[i];
    if (!ward_owns(grant, grant->owner)) {
        /* A row of nobody's could never be deleted. */
        refuse(response, 403, "an_owner_is_needed");
    } else if (!name_is_valid(request->body)) {
        refuse(response, 400, "a_name_of_1_to_48_bytes_is_needed");
    } else if (project == NULL || last_number == LARGEST_NUMBER) {
        refuse(response, 507, "no_room");
    } else {
        memcpy(project->owner, grant->owner, WARD_OWNER_SIZE);
        project->number = ++last_number;
        set_name(project, request->body);
        response->http = 201;
        put_project(response, project);
    }
}

static void change(struct project *project, const struct api_request *request, struct api_response *response)
{
    switch (request->method) {
    case WARD_GET:
    case WARD_HEAD: put_project(response, project); break;
    case WARD_PUT:
    case WARD_PATCH:
        if (!name_is_valid(request->body)) {
            refuse(response, 400, "a_name_of_1_to_48_bytes_is_needed");
            break;
        }
        set_name(project, request->body);
        put_project(response, project);
        break;
    case WARD_DELETE:
        memset(project, 0, sizeof *project);
        api_put(response, "{}");
        break;
    default: refuse(response, 404, "not_found"); break;
    }
}

/* The number after /api/projects/, 0 if there is none, over LARGEST_NUMBER if it is not a number of a row. */
static uint32_t number_of(struct ward_text path)
{
    static const struct ward_text prefix = WARD_TEXT("/api/projects/");
    uint32_t number = 0;
    bool digits = false;
    if (path.length <= prefix.length)
        return 0;
    for (size_t i = prefix.length; i < path.length; i++) {
        const char c = path.data[i];
        if (c < '0' || c > '9' || number > LARGEST_NUMBER)
            return LARGEST_NUMBER + 1;
        number = number * 10 + (uint32_t)(c - '0');
        digits = true;
    }
    return digits && number == 0 ? LARGEST_NUMBER + 1 : number;
}

void projects_serve(const struct ward_grant *grant, const struct api_request *request, struct api_response *response)
{
    const uint32_t number = number_of(request->path);
    struct project *const project = own_project(grant, number);
    if (number == 0 && (request->method == WARD_GET || request->method == WARD_HEAD))
        list(grant, response);
    else if (number == 0 && request->method == WARD_POST)
        make(grant, request, response);
    else if (project != NULL)
        change(project, request, response);
    else
        refuse(response, 404, "not_found");
}
