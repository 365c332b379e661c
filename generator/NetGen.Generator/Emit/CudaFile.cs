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
            WriteForward(writer, plan);
            writer.Line();
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
        WriteArray(writer, "long", "ParameterPlaces", network.Sound.Parameters.All.Select(parameter => Long(plan.PlaceOf(parameter.Path))));
        WriteArray(writer, "long", "InputPlaces", plan.Graph.Inputs.Select(value => Long(plan.PlaceOf(value, samples: 1))));
        WriteArray(writer, "long", "OutputPlaces", plan.Graph.Outputs.Select(value => Long(plan.PlaceOf(value, samples: 1))));
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

    private static void WriteForward(SourceWriter writer, CudaPlan plan)
    {
        using (writer.Block("public override void RecordForward(CudaRecorder gpu)"))
        {
            Node? last = null;
            foreach (CudaLaunch launch in plan.Launches)
            {
                if (launch.Node != last)
                    writer.Line($"// {launch.Node.Title}: {launch.Node.Input.Shape} → {launch.Node.Output!.Shape}.");
                last = launch.Node;
                string arguments = string.Join(", ", launch.Arguments.Select(argument => Argument(plan, argument)));
                writer.Line($"gpu.Launch({launch.Kernel.Name}, {Extent(launch.Columns)}, {Extent(launch.Rows)}, [{arguments}]);");
            }
        }
    }

    private static string Extent(CudaExtent extent) => extent == CudaExtent.One ? "1"
        : extent.Count.PerSample == 0 ? Literals.Int(checked((int)extent.Count.Groups(samples: 0, extent.PerBlock)))
        : $"CudaRecorder.Blocks({Count(extent.Count)}, {Literals.Int(extent.PerBlock)})";

    private static string Argument(CudaPlan plan, CudaArgument argument) => argument switch
    {
        CudaArgument.OfValue value => $"gpu.Value({Long(plan.PlaceOf(value.Value, samples: 1))})",
        CudaArgument.OfParameter parameter => $"gpu.Parameter({Long(plan.PlaceOf(parameter.Parameter.Path))})",
        CudaArgument.OfCount count => $"CudaRecorder.Count({Count(count.Count)})",
        _ => throw new InvalidOperationException($"No call gives {argument}."),
    };

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
