using NetGen.Generator.Cpu.Drivers;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Kernels;
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

    /// <summary>The class for training as other namespaces write it.</summary>
    public static string FullTrainingName(NetworkFacts network) => $"global::{KernelFileEmitter.Namespace}.{TrainingName(network)}";

    private static string Name(NetworkFacts network) => KernelFileEmitter.ClassName(network.Sound, "Cuda");

    private static string TrainingName(NetworkFacts network) => KernelFileEmitter.ClassName(network.Sound, "CudaTraining");

    /// <param name="precisions">Those beside float32.</param>
    public static void Write(SourceWriter writer, NetworkFacts network, CudaPlan plan, IReadOnlyList<ProductPrecision> precisions)
    {
        writer.Line("/// <summary>The network on NVIDIA GPUs: kernels, and the launches of a pass in order.</summary>");
        using (writer.Block($"internal sealed class {Name(network)} : CudaKernels"))
        {
            WriteFigures(writer, network, plan, Name(network));
            writer.Line();
            WriteLaunches(writer, network, plan, "RecordForward", plan.Forward);
            WriteRest(writer, network, plan, precisions);
        }
    }

    /// <summary>The same for training.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteTraining(SourceWriter writer, NetworkFacts network, CudaPlan plan, IReadOnlyList<ProductPrecision> precisions)
    {
        writer.Line("/// <summary>The network's training on NVIDIA GPUs: kernels, and the launches of passes in order.</summary>");
        using (writer.Block($"internal sealed class {TrainingName(network)} : CudaTrainingKernels"))
        {
            WriteFigures(writer, network, plan, TrainingName(network));
            WriteTrainingFigures(writer, network, plan);
            WriteLaunches(writer, network, plan, "RecordForward", plan.Forward);
            if (plan.Losses.Count > 0)
                WriteLaunches(writer, network, plan, "RecordLoss", plan.Loss);
            WriteLaunches(writer, network, plan, "RecordBackward", plan.Backward);
            if (plan.ForInputs.Count > 0)
                WriteLaunches(writer, network, plan, "RecordInputGradients", plan.ForInputs);
            WriteRest(writer, network, plan, precisions);
        }
    }

    private static void WriteRest(SourceWriter writer, NetworkFacts network, CudaPlan plan, IReadOnlyList<ProductPrecision> precisions)
    {
        if (plan.Preparations.Count > 0)
            WriteLaunches(writer, network, plan, "RecordPreparation", plan.Preparations);
        WriteTables(writer, plan);
        WriteModule(writer, plan);
        if (precisions.Count > 0)
            WritePrecisions(writer, plan, precisions);
    }

    private static void WriteTrainingFigures(SourceWriter writer, NetworkFacts network, CudaPlan plan)
    {
        writer.Line();
        writer.Line($"public override long GradientLength => {Long(plan.GradientLength)};");
        writer.Line();
        writer.Line($"public override long BatchLength => {Long(plan.BatchLength)};");
        writer.Line();
        writer.Line($"public override int Losses => {Literals.Int(plan.Losses.Count)};");
        writer.Line();
        if (plan.ScalesTables)
        {
            writer.Line("public override bool ForwardScalesTables => true;");
            writer.Line();
        }
        writer.Line($"public override long ScratchLength(int samples) => {Count(plan.ScratchLength, "samples")};");
        writer.Line();
        WriteArray(writer, "long", "OutputGradientPlaces", plan.Graph.OutputGradients.Select(value =>
            Long(plan.PlaceOf(value, samples: 1))));
        WriteArray(writer, "long", "InputGradientPlaces", plan.Graph.InputGradients.Select(
            value => Long(value is null ? -1 : plan.PlaceOf(value, samples: 1))));
        WriteArray(writer, "CudaTarget", "Targets", plan.Losses.SelectMany(loss => loss.Targets).Select(target =>
        {
            int axis = target.Value.Shape.Axis is { } name ? AxisOf(network, name) : -1;
            return $"new CudaTarget({Long(plan.PlaceOf(target.Value, samples: 1))}, {Literals.Int(target.Value.Shape.Size)}, "
                + $"{Literals.Int(axis)}, {Literals.Int(target.PerPosition)})";
        }));
    }

    private static void WriteFigures(SourceWriter writer, NetworkFacts network, CudaPlan plan, string name)
    {
        writer.Line($"internal static readonly {name} Instance = new {name}();");
        writer.Line();
        if (plan.Kernels.Count > 0)
        {
            writer.Line("// The kernels, by their numbers.");
            foreach ((CudaKernel kernel, int number) in plan.Kernels.Select((kernel, i) => (kernel, i)))
                writer.Line($"private const int {kernel.Name} = {Literals.Int(number)};");
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
        writer.Line();
        writer.Line($"public override long LargestLength => {Long(plan.LargestLength)};");
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
            int? target = null;
            SourceWriter.Scope? condition = null;
            foreach (CudaLaunch launch in launches)
            {
                if (launch.Target != target)
                {
                    condition?.Dispose();
                    target = launch.Target;
                    condition = target is { } given ? writer.Block($"if (gpu.HasTarget({Literals.Int(given)}))") : null;
                }
                if (launch.Node != last)
                    writer.Line($"// {Heading(launch.Node)}");
                last = launch.Node;
                string arguments = string.Join(", ", launch.Arguments.Select(argument => Argument(network, plan, argument)));
                writer.Line($"gpu.Launch({launch.Kernel.Name}, {Extent(launch.Columns)}, {Extent(launch.Rows)}, {Layers(launch)}, "
                    + $"[{arguments}]);");
            }
            condition?.Dispose();
        }
        writer.Line();
    }

    /// <summary>What a node computes, for whoever reads the launches.</summary>
    private static string Heading(Node node)
    {
        string title = node.Title.Length > 0 ? node.Title : node.Name;
        string from = node.Inputs.Count > 0 ? $"{node.Input.Shape} → " : "";
        return node.Op switch
        {
            LossOp => $"{title} of {node.Input.Shape}.",
            { IsParameterGradient: true } when node.Output is null => $"{title}: gradients of parameters.",
            { IsParameterGradient: true } or GradientOp => $"{title}, backward: {from}{node.Output!.Shape}.",
            _ => $"{title}: {from}{node.Output!.Shape}.",
        };
    }

    private static string Layers(CudaLaunch launch) => launch.Splits == CudaExtent.One ? Literals.Int(launch.Layers)
        : launch.Layers == 1 ? Extent(launch.Splits) : $"{Literals.Int(launch.Layers)} * {Extent(launch.Splits)}";

    private static void WriteTables(SourceWriter writer, CudaPlan plan)
    {
        CudaConstant[] tables = [.. plan.Constants.Where(constant => constant is not (CudaConstant.Prepared or CudaConstant.OfBatch))];
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
        CudaConstant.Numbers numbers => $"[{string.Join(", ", numbers.Values.Select(Literals.Float))}]",
        _ => throw new InvalidOperationException($"No table is {constant}."),
    };

    private static string Extent(CudaExtent extent) => extent == CudaExtent.One ? "1"
        : extent.Count.PerSample == 0 ? Literals.Int(checked((int)extent.Count.Groups(samples: 0, extent.PerBlock)))
        : $"CudaRecorder.Blocks({Count(extent.Count)}, {Literals.Int(extent.PerBlock)})";

    private static string Argument(NetworkFacts network, CudaPlan plan, CudaArgument argument) => argument switch
    {
        CudaArgument.OfValue value => $"gpu.Value({Long(plan.PlaceOf(value.Value, samples: 1))})",
        CudaArgument.OfParameter parameter => $"gpu.Parameter({Long(plan.PlaceOf(parameter.Parameter) + parameter.Offset)})",
        CudaArgument.OfConstant { Constant: CudaConstant.OfBatch } constant
            => $"gpu.Batch({Long(plan.PlaceOf(constant.Constant) + constant.Offset)})",
        CudaArgument.OfGradient gradient => $"gpu.Gradient({Long(plan.PlaceOf(gradient))})",
        CudaArgument.OfScratch => "gpu.Scratch(0L)",
        CudaArgument.OfLosses loss => $"gpu.LossesOf({Literals.Int(loss.Loss)})",
        CudaArgument.OfScale loss => $"gpu.ScaleOf({Literals.Int(loss.Loss)})",
        CudaArgument.OfRandom => "gpu.Random",
        CudaArgument.OfGroups groups
            => $"CudaRecorder.Count(CudaRecorder.Blocks({Count(groups.Count)}, {Literals.Int(groups.Size)}))",
        CudaArgument.OfConstant constant => $"gpu.Parameter({Long(plan.PlaceOf(constant.Constant) + constant.Offset)})",
        CudaArgument.OfLengths lengths => $"gpu.Lengths({Literals.Int(AxisOf(network, lengths.Axis))})",
        CudaArgument.OfCount count => $"CudaRecorder.Count({Count(count.Count)})",
        _ => throw new InvalidOperationException($"No call gives {argument}."),
    };

    private static int AxisOf(NetworkFacts network, string axis) => network.Sound.Axes.First(known => known.Name == axis).Index;

    private static string Count(CudaCount count, string of = "gpu.Samples")
    {
        string samples = count.PerSample switch
        {
            0 => "",
            1 => of,
            _ => $"{of} * {Long(count.PerSample)}",
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

    /// <summary>The other precisions, and the kernels that each has in place of those with the same numbers.</summary>
    private static void WritePrecisions(SourceWriter writer, CudaPlan plan, IReadOnlyList<ProductPrecision> precisions)
    {
        writer.Line();
        WriteArray(writer, "Precision", "Precisions", precisions.Select(precision => $"Precision.{precision}"));
        if (plan.PrecisionKernels.Count == 0)
            return;
        WriteArray(writer, "int", "PrecisionKernels", plan.PrecisionKernels.Select(number => plan.Kernels[number].Name));
        writer.Line("public override ReadOnlySpan<byte> ModuleIn(Precision precision) => precision switch");
        using (writer.Block(closing: "};"))
        {
            foreach (ProductPrecision precision in precisions)
            {
                writer.Line($"Precision.{precision} => \"\"\"");
                using (writer.Indent())
                {
                    writer.Line(plan.ModuleIn(precision).TrimEnd('\n'));
                    writer.Line("\"\"\"u8,");
                }
            }
            writer.Line("_ => base.ModuleIn(precision),");
        }
    }
}
