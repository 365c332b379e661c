using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>
/// The calls of one direction, cut where a kernel reads all samples of the batch: each thread runs a segment over its own samples, then all
/// wait for one another, share out that kernel's channels, wait again, and go on. Networks without such kernels have one segment.
/// </summary>
internal sealed class Segments
{
    private readonly string _name;

    /// <param name="name">Of the emitted methods, e.g. <c>TrainForward</c>; numbered where there are several.</param>
    public Segments(string name, IEnumerable<KernelCall> calls)
    {
        _name = name;
        var open = new List<KernelCall>();
        foreach (KernelCall call in calls)
        {
            if (call.Domain == Domain.WholeBatch)
            {
                Add(open);
                BatchCalls.Add(call);
                open = [];
            }
            else
            {
                open.Add(call);
            }
        }
        Add(open);
    }

    /// <summary>One more than <see cref="BatchCalls"/>; may hold no call.</summary>
    public List<IReadOnlyList<KernelCall>> Parts { get; } = [];

    public List<KernelCall> BatchCalls { get; } = [];

    public string NameOf(int part) => Parts.Count == 1 ? _name : _name + Literals.Int(part + 1);

    private void Add(List<KernelCall> part) => Parts.Add(part);
}
