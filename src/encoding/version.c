#include "ward/version.h"

const char *ward_version(void)
{
    return WARD_VERSION;
}
