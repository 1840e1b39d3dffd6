#include "stride.h"

size_t stride(void)
{
    return 64;
}
