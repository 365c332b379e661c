using System.Numerics;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Offsets in generated code have 32 bits. What a network declares is checked where shapes are inferred; what it comes to in memory, with
/// channels or samples 16 at a time and zero columns around images, is known to the passes only: they throw this where it is too much.
/// </summary>
/// <param name="name">Of the node or parameter, whose layer is to be found; null for the whole network.</param>
/// <param name="what">What is too large, for NG1011.</param>
/// <param name="formula">How its size comes about.</param>
internal sealed class SizeLimitException(string? name, string what, string formula, BigInteger size)
    : Exception($"{what}: {formula} = {size}")
{
    private const string OfLayer = "{0}";

    /// <summary>NG1011 at the layer.</summary>
    public Problem ToProblem(InferredNetwork network)
    {
        // Nodes and parameters are called after the path of their layer, which may be the beginning of another's.
        InferredLayer? layer = name is null ? null : Layers(network.Layers)
            .Where(l => name.StartsWith(Naming.Pascal(l.Path), StringComparison.Ordinal)
            || name.StartsWith(l.Path + ".", StringComparison.Ordinal))
            .OrderByDescending(l => l.Path.Length).FirstOrDefault();
        string title = layer is null ? "the network" : $"{LayerRegistry.For(layer.Spec).TypeName(layer.Spec)} '{layer.Path}'";
        return new Problem(DiagnosticDescriptors.TooLarge, layer?.Path ?? ProblemPlace.Network, null, null,
            new[] { what.Replace(OfLayer, title), formula, $"{MessageText.Number(size)} values",
                MessageText.Number(int.MaxValue) }.ToEquatableArray());
    }

    /// <summary>Finds the first value of a graph with layouts that is too large.</summary>
    public static void CheckValues(Graph graph)
    {
        foreach (Value value in graph.Values.Where(value => value.HasLayout))
        {
            (BigInteger size, string formula) = SizeOf(value.Layout);
            if (size <= int.MaxValue)
                continue;
            Node? producer = (value.GradientOf ?? value).Producer;
            string blocks = value.Layout.Kind switch
            {
                LayoutKind.Rows => "as a multiple of 16",
                LayoutKind.Positions => "with features as a multiple of 16",
                LayoutKind.Samples => "for 16 samples side by side",
                LayoutKind.Blocked => "with 16 channels side by side",
                _ => "",
            };
            string halo = value.Layout.HasHalo ? "with zero columns around each row" : "";
            string how = string.Join(" and ", new[] { blocks, halo }.Where(part => part.Length > 0));
            throw new SizeLimitException(producer?.Name, $"{(producer is null ? "The input" : "The output")} "
                + $"of {OfLayer}{(how.Length == 0 ? "" : $", stored {how},")} is too large", formula, size);
        }
    }

    /// <summary>Packed parameters have one buffer.</summary>
    public static int CheckParameter(ParameterInfo parameter, string formula, BigInteger size)
        => size <= int.MaxValue - Layout.Block ? (int)size
            : throw new SizeLimitException(parameter.Path,
                $"The {parameter.PropertyName.ToLowerInvariant()} of {OfLayer}, stored in whole blocks of 16, is too large", formula, size);

    /// <summary>What lies in one buffer of the whole network.</summary>
    public static void CheckBuffer(string what, long[] lengths)
    {
        if (lengths.Sum() > int.MaxValue)
        {
            List<string> parts = lengths.Where(length => length > 0).Select(length => MessageText.Number(length)).ToList();
            throw new SizeLimitException(null, what, parts.Count > 1 ? string.Join(" + ", parts)
                : $"{MessageText.Number(sizeof(float) * (BigInteger)lengths.Sum())} bytes / 4", lengths.Sum());
        }
    }

    /// <summary>
    /// Whether <see cref="NetworkPlan"/> might find something too large: whatever surely fits need not be planned to know it.
    /// </summary>
    public static bool IsNear(InferredNetwork network)
    {
        BigInteger values = Stored(network.Input, 0), parameters = 0;
        foreach (InferredLayer layer in Layers(network.Layers))
        {
            long reach = layer.Spec switch
            {
                Conv2dSpec s => s.IsSame ? (long)s.Dilation.Width * s.Kernel.Width : s.Padding.Width
                    + (long)s.Dilation.Width * s.Kernel.Width,
                ConvTranspose2dSpec s => s.Padding.Width + (long)s.OutputPadding.Width + (long)s.Dilation.Width * s.Kernel.Width,
                _ => 0,
            };
            values += Stored(layer.Input, reach) + Stored(layer.Output, reach);
            if (layer.Scopes.Count > 0)
                continue;
            // Each group has blocks of its own.
            int groups = layer.Spec switch { Conv2dSpec s => s.Groups, ConvTranspose2dSpec s => s.Groups, _ => 1 };
            foreach (LayerParameter parameter in LayerRegistry.ParametersOf(layer))
                parameters += parameter.Shape.Select((extent, i) => i < 2 ? extent + (BigInteger)groups * (Layout.Block - 1) : extent)
                    .Aggregate(BigInteger.One, (product, extent) => product * extent);
        }
        // Transposed copies, and weights and patches at Winograd's points, are at most so many times as large.
        return 4 * values + 8 * parameters > int.MaxValue;
    }

    private static BigInteger Stored(TensorShape shape, long reach)
        => shape.IsUnknown ? 0 : !shape.HasChannels ? (BigInteger)shape.Size + Layout.Block
            : (BigInteger)Layout.Block * shape.Channels * shape.Height * (shape.Width + 2 * (BigInteger)reach);

    private static (BigInteger Size, string Formula) SizeOf(Layout layout)
    {
        if (layout.Kind == LayoutKind.Rows)
            return (((BigInteger)layout.Channels + Layout.Block - 1) / Layout.Block * Layout.Block + Layout.Block,
                $"{MessageText.Number(layout.Channels)}, rounded up, + 16");
        long planes = layout.Kind == LayoutKind.Blocked ? ((long)layout.Channels + Layout.Block - 1) / Layout.Block : layout.Channels;
        long pitch = layout.Kind == LayoutKind.Positions ? ((long)layout.Width + Layout.Block - 1) / Layout.Block * Layout.Block
            : (long)layout.Left + layout.Width + layout.Right;
        string inner = layout.PixelStride == 1 ? "" : $" × {MessageText.Number(layout.PixelStride)}";
        // Room for what keeps samples from lying in the same cache sets.
        return ((BigInteger)planes * layout.Height * pitch * layout.PixelStride + 2 * Layout.Block,
            $"{MessageText.Number(planes)} × {MessageText.Number(layout.Height)} "
            + $"× {MessageText.Number(pitch)}{inner} + {MessageText.Number(2 * Layout.Block)}");
    }

    private static IEnumerable<InferredLayer> Layers(IEnumerable<InferredLayer> layers)
        => layers.SelectMany(layer => Layers(layer.Members).Prepend(layer));
}
