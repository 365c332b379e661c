using System.Numerics;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Places every parameter in one flat buffer, in the order the kernels read: blocks of 16 output channels innermost, so that a
/// vector of weights is one load and the optimiser is one loop. Buffers, which no optimiser may touch, come last.
/// </summary>
internal static class PackParameters
{
    public static void Run(Graph graph, LayoutFacts facts, ParameterTable parameters)
    {
        foreach (Node node in graph.ForwardNodes)
            node.Cpu.PackParameters(graph, facts);

        int offset = Place(parameters.All.Where(p => p.IsLearned), 0);
        parameters.LearnedLength = offset;
        parameters.PackedLength = Place(parameters.All.Where(p => !p.IsLearned), offset);
    }

    private static int Place(IEnumerable<ParameterInfo> parameters, int offset)
    {
        foreach (ParameterInfo parameter in parameters)
        {
            if (parameter.PackedLength == 0)
                throw new InvalidOperationException($"The parameter {parameter.Path} was packed by no node.");
            parameter.Offset = offset;
            int start = offset, length = Layout.RoundUp(parameter.PackedLength);
            if (length > int.MaxValue - start)
            {
                throw new SizeLimitException(parameter.Path, $"With the {parameter.PropertyName.ToLowerInvariant()} of {{0}} the parameters, stored in whole blocks of 16, are too many",
                    $"{MessageText.Number(start)} + {MessageText.Number(length)}", (BigInteger)start + length);
            }
            offset += length;
        }
        return offset;
    }
}
