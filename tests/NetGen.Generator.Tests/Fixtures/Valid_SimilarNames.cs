// Files may not differ by case alone.
namespace A
{
    [Network(4), Linear(2)]
    partial class Net;

    [Network(4), Linear(2)]
    partial class NET;
}

namespace a
{
    [Network(4), Linear(2)]
    partial class Net;
}
