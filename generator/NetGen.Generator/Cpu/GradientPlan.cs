using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Where gradients of parameters lie: packed as the parameters are, and of those that several layers use, what each further layer gives
/// behind all of them, to be added.
/// </summary>
internal sealed class GradientPlan
{
    private readonly Dictionary<(ParameterInfo, int Turn), long> _offsets = [];
    private readonly Dictionary<ParameterInfo, long> _touched = [];

    /// <param name="training">The graph with its backward pass.</param>
    /// <param name="length">Floats of the packed parameters that have gradients.</param>
    public GradientPlan(Graph training, int length)
    {
        long end = length;
        foreach (ParameterUse use in training.BackwardNodes.SelectMany(node => node.Parameters).Where(use => use.Turn > 0))
        {
            if (_offsets.ContainsKey((use.Parameter, use.Turn)))
                continue;
            _offsets.Add((use.Parameter, use.Turn), end);
            end += Layout.RoundUp(use.Parameter.Packed.Length);
        }
        foreach (ParameterInfo table in training.BackwardNodes.Where(node => node.Op is ITableGradient { IsShared: false })
            .Select(node => node.Parameter("weight")))
        {
            _touched.Add(table, end);
            end += 2L * TableRows.SetLength(table.Shape[0]);
        }
        FurtherLength = end - length;
    }

    /// <summary>Tables that one layer looks up, of whose gradients the rows are known that are not zero.</summary>
    public IReadOnlyCollection<ParameterInfo> Tables => _touched.Keys;

    /// <summary>Floats from the start of the gradients to the two sets of a table's rows; null where they are not known.</summary>
    public long? TouchedOffset(ParameterInfo table) => _touched.TryGetValue(table, out long offset) ? offset : null;

    /// <summary>Floats behind the gradients of all parameters.</summary>
    public long FurtherLength { get; }

    /// <summary>Floats from the start of the gradients to what a node gives for a tensor.</summary>
    /// <param name="turn">How many nodes do so before it.</param>
    public long OffsetOf(ParameterInfo parameter, int turn) => turn == 0 ? parameter.Offset : _offsets[(parameter, turn)];
}
