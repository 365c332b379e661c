using NetGen.Generator.Cpu.Drivers;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>
/// The network on NVIDIA GPUs: a class with the text of its kernels and the launches of a pass in order. The rest is in the runtime's
/// <c>CudaKernels</c>.
/// </summary>
internal static class CudaFile
{
    /// <summary>The class as other namespaces write it.</summary>
    public static string FullName(NetworkFacts network) => $"global::{KernelFileEmitter.Namespace}.{Name(network)}";

    private static string Name(NetworkFacts network) => KernelFileEmitter.ClassName(network.Sound, "Cuda");

    public static void Write(SourceWriter writer, NetworkFacts network, CudaPlan plan)
    {
        writer.Line("/// <summary>The network on NVIDIA GPUs: kernels, and the launches of a pass in order.</summary>");
        using (writer.Block($"internal sealed class {Name(network)} : CudaKernels"))
        {
            WriteFigures(writer, network, plan);
            writer.Line();
            WriteLaunches(writer, network, plan, "RecordForward", plan.Launches);
            writer.Line();
            if (plan.Preparations.Count > 0)
            {
                WriteLaunches(writer, network, plan, "RecordPreparation", plan.Preparations);
                writer.Line();
            }
            WriteTables(writer, plan);
            WriteModule(writer, plan);
        }
    }

    private static void WriteFigures(SourceWriter writer, NetworkFacts network, CudaPlan plan)
    {
        writer.Line($"internal static readonly {Name(network)} Instance = new {Name(network)}();");
        writer.Line();
        if (plan.Kernels.Count > 0)
        {
            writer.Line("// The kernels, by their numbers.");
            writer.Line($"private const int {string.Join(", ", plan.Kernels.Select((kernel, i) => $"{kernel.Name} = {Literals.Int(i)}"))};");
            writer.Line();
        }
        WriteArray(writer, "string", "Names", plan.Kernels.Select(kernel => Literals.String(kernel.Name)));
        WriteArray(writer, "int", "Threads", plan.Kernels.Select(kernel => Literals.Int(kernel.Threads)));
        WriteArray(writer, "long", "ParameterPlaces", network.Sound.Parameters.All.Select(parameter => Long(plan.PlaceOf(parameter))));
        WriteArray(writer, "long", "InputPlaces", plan.Graph.Inputs.Select(value => Long(plan.PlaceOf(value, samples: 1))));
        WriteArray(writer, "long", "OutputPlaces", plan.Graph.Outputs.Select(value => Long(plan.PlaceOf(value, samples: 1))));
        WriteArray(writer, "string", "Axes", SurfaceAxis.Of(network.Sound.Axes).Select(axis => Literals.String(axis.Lengths)));
        writer.Line($"public override string Network => {Literals.String(network.Spec.Name)};");
        writer.Line();
        writer.Line($"public override long ParameterLength => {Long(plan.ParameterLength)};");
        writer.Line();
        writer.Line($"public override long SampleLength => {Long(plan.SampleLength)};");
    }

    private static void WriteArray(SourceWriter writer, string type, string name, IEnumerable<string> values)
    {
        string[] all = [.. values];
        string field = "s_" + char.ToLowerInvariant(name[0]) + name.Substring(1);
        writer.Line($"private static readonly {type}[] {field} =");
        using (writer.Block(closing: "};"))
        {
            // As many in a line as one can read.
            const int LongLine = 120;
            string line = "";
            foreach (string value in all)
            {
                if (line.Length > 0 && line.Length + value.Length > LongLine)
                {
                    writer.Line(line);
                    line = "";
                }
                line += (line.Length > 0 ? " " : "") + value + ",";
            }
            if (line.Length > 0)
                writer.Line(line);
        }
        writer.Line();
        writer.Line($"public override ReadOnlySpan<{type}> {name} => {field};");
        writer.Line();
    }

    /// <summary>Launches in order, with a heading for each layer.</summary>
    private static void WriteLaunches(
        SourceWriter writer, NetworkFacts network, CudaPlan plan, string method, IReadOnlyList<CudaLaunch> launches)
    {
        using (writer.Block($"public override void {method}(CudaRecorder gpu)"))
        {
            Node? last = null;
            foreach (CudaLaunch launch in launches)
            {
                if (launch.Node != last)
                    writer.Line($"// {launch.Node.Title}: {launch.Node.Input.Shape} → {launch.Node.Output!.Shape}.");
                last = launch.Node;
                string arguments = string.Join(", ", launch.Arguments.Select(argument => Argument(network, plan, argument)));
                writer.Line($"gpu.Launch({launch.Kernel.Name}, {Extent(launch.Columns)}, {Extent(launch.Rows)}, "
                    + $"{Literals.Int(launch.Layers)}, [{arguments}]);");
            }
        }
    }

    private static void WriteTables(SourceWriter writer, CudaPlan plan)
    {
        CudaConstant[] tables = [.. plan.Constants.Where(constant => constant is not CudaConstant.Prepared)];
        if (tables.Length == 0)
            return;
        using (writer.Block("public override void SetTables(CudaTables tables)"))
        {
            foreach (CudaConstant table in tables)
                writer.Line($"tables.Set({Long(plan.PlaceOf(table))}, {Table(table)});");
        }
        writer.Line();
    }

    private static string Table(CudaConstant constant) => constant switch
    {
        CudaConstant.RotaryTable table => $"PositionTable.Rotary({Literals.Int(table.Positions)}, {Literals.Int(table.Pairs)}, "
            + $"{Literals.Double(table.Base)}, {Literals.Double(table.Scaling.Factor)}, {Literals.Double(table.Scaling.Low)}, "
            + $"{Literals.Double(table.Scaling.High)}, {Literals.Double(table.Scaling.Length)})",
        CudaConstant.SinusoidTable table => $"PositionTable.Sinusoids({Literals.Int(table.Positions)}, {Literals.Int(table.Features)}, "
            + $"{Literals.Int(table.Features)})",
        _ => throw new InvalidOperationException($"No table is {constant}."),
    };

    private static string Extent(CudaExtent extent) => extent == CudaExtent.One ? "1"
        : extent.Count.PerSample == 0 ? Literals.Int(checked((int)extent.Count.Groups(samples: 0, extent.PerBlock)))
        : $"CudaRecorder.Blocks({Count(extent.Count)}, {Literals.Int(extent.PerBlock)})";

    private static string Argument(NetworkFacts network, CudaPlan plan, CudaArgument argument) => argument switch
    {
        CudaArgument.OfValue value => $"gpu.Value({Long(plan.PlaceOf(value.Value, samples: 1))})",
        CudaArgument.OfParameter parameter => $"gpu.Parameter({Long(plan.PlaceOf(parameter.Parameter) + parameter.Offset)})",
        CudaArgument.OfConstant constant => $"gpu.Parameter({Long(plan.PlaceOf(constant.Constant) + constant.Offset)})",
        CudaArgument.OfLengths lengths => $"gpu.Lengths({Literals.Int(AxisOf(network, lengths.Axis))})",
        CudaArgument.OfCount count => $"CudaRecorder.Count({Count(count.Count)})",
        _ => throw new InvalidOperationException($"No call gives {argument}."),
    };

    private static int AxisOf(NetworkFacts network, string axis) => network.Sound.Axes.First(known => known.Name == axis).Index;

    private static string Count(CudaCount count)
    {
        string samples = count.PerSample switch
        {
            0 => "",
            1 => "gpu.Samples",
            _ => $"gpu.Samples * {Long(count.PerSample)}",
        };
        return samples.Length == 0 ? Long(count.Constant) : count.Constant == 0 ? samples : $"{samples} + {Long(count.Constant)}";
    }

    private static string Long(long number) => Literals.Int(number) + "L";

    private static void WriteModule(SourceWriter writer, CudaPlan plan)
    {
        writer.Line("public override ReadOnlySpan<byte> Module => \"\"\"");
        using (writer.Indent())
        {
            writer.Line(plan.Module.TrimEnd('\n'));
            writer.Line("\"\"\"u8;");
        }
    }
}
