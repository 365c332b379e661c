using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu;

/// <summary>Writes the kernels of one instruction set and the methods that call them in order.</summary>
internal static class KernelFileEmitter
{
    /// <summary>
    /// The kernels of all networks stand in a namespace of their own, where nothing of the user's can hide the names of the framework:
    /// so they are readable without <c>global::</c>.
    /// </summary>
    public const string Namespace = "NetGen.Generated";

    /// <summary>
    /// A name for every path, and for no two the same: a dot becomes an underscore, and an underscore is followed by a 0, with which no part of a
    /// path begins. <c>A.B_C.Net</c> is <c>A_B_0C_Net</c>, and <c>A.B.C.Net</c> is <c>A_B_C_Net</c>. A path without dots gets an underscore
    /// in front: methods have one underscore, and a class <c>Forward</c> would come to the name of one.
    /// </summary>
    /// <param name="kind">What tells the types of one network apart.</param>
    public static string ClassName(NetworkPlan plan, string kind)
    {
        string path = plan.Network.Spec.Path;
        return $"{(path.IndexOf('.') < 0 ? "_" : "")}{path.Replace("_", "_0").Replace('.', '_')}_{kind}";
    }

    public static void Emit(SourceWriter writer, NetworkPlan plan, VectorIsa isa)
    {
        var library = new KernelLibrary(isa, plan.SharesTiles);
        var drivers = new SourceWriter();
        string suffix = "_" + isa.Suffix;
        EmitInference(drivers, library, plan, suffix);
        if (plan.Entries.PrepareInference is { } prepare)
            EmitPreparation(drivers, library, plan.InferencePrepared, prepare, "What inference needs of the weights in another form.", suffix);
        EmitTraining(drivers, library, plan, suffix);

        writer.Line($"/// <summary>The network's kernels for {isa.Title}: {Literals.Int(isa.Lanes)} floats in a vector, {Literals.Int(isa.Registers)} registers.</summary>");
        using (writer.Block($"internal static unsafe class {ClassName(plan, isa.Suffix)}"))
        {
            writer.Line(drivers.ToString().TrimEnd('\n'));
            library.Emit(writer);
        }
    }

    /// <summary>Samples whose vectors are kept side by side: enough to reuse weights, few enough for the cache.</summary>
    public static int RowBlock(NetworkPlan plan)
        => plan.Inference.Memory.PerRowLength * MostRows * sizeof(float) <= 512 * 1024 ? MostRows : MostRows / 2;

    /// <summary>The most that <see cref="RowBlock"/> gives.</summary>
    public const int MostRows = 96;

    /// <summary>
    /// Floats of one worker's arena: a fixed part and a part for each row of the block. The two ways to compute have a region each:
    /// the halos of one, zero from the start, must not be written by the other.
    /// </summary>
    public static (long Fixed, long PerRow) InferenceArena(NetworkPlan plan) => (
        plan.InferencePrepared.ScratchLength + plan.Inference.Memory.PerSampleLength + (plan.LanesInference?.Memory.PerSampleLength ?? 0),
        plan.Inference.Memory.PerRowLength + (plan.LanesInference?.Memory.PerRowLength ?? 0));

    private static void EmitInference(SourceWriter writer, KernelNames names, NetworkPlan plan, string suffix)
    {
        KernelParameter[] parameters = [Floats("parameters"), Floats("prepared"), Floats("scratch"), .. plan.Entries.Forward.Parameters.Skip(2)];
        int inputSize = plan.Network.Input.Size, outputSize = plan.Network.Output.Size;
        writer.Line($"/// <summary>Inference of <paramref name=\"count\"/> samples, in blocks of up to <paramref name=\"capacity\"/>.</summary>");
        using (writer.UncheckedMethod($"internal static void Forward{suffix}({plan.Entries.Forward.Parameters.Declaration()})"))
        {
            writer.Line("float* scratch = arena;");
            if (plan.InferencePrepared.ScratchLength > 0)
                writer.Line($"arena += {Literals.Int(plan.InferencePrepared.ScratchLength)};");
            using (writer.Block("while (count > 0)"))
            {
                writer.Line("int block = Math.Min(capacity, count);");
                if (plan.LanesInference is not null)
                {
                    writer.Line("// Whole groups of 16 samples, and what nearly fills one, go side by side; the others one by one with channel lanes.");
                    writer.Line("int lanes = block / 16 * 16;");
                    writer.Line($"if (block - lanes >= {Literals.Int(plan.MinLaneSamples)})");
                    using (writer.Indent())
                        writer.Line("lanes = block;");
                    writer.Line("if (lanes > 0)");
                    using (writer.Indent())
                        writer.Line($"ForwardLanes{suffix}(parameters, prepared, scratch, arena + {Literals.Int(plan.Inference.Memory.PerSampleLength)} + {Literals.Int(plan.Inference.Memory.PerRowLength)}L * capacity, capacity, input, output, lanes);");
                    writer.Line("if (block > lanes)");
                    using (writer.Indent())
                        writer.Line($"ForwardChannels{suffix}(parameters, prepared, scratch, arena, capacity, input + lanes * {Literals.Int(inputSize)}, output + lanes * {Literals.Int(outputSize)}, block - lanes);");
                }
                else
                {
                    writer.Line($"ForwardChannels{suffix}(parameters, prepared, scratch, arena, capacity, input, output, block);");
                }
                writer.Line($"input += block * {Literals.Int(inputSize)};");
                writer.Line($"output += block * {Literals.Int(outputSize)};");
                writer.Line("count -= block;");
            }
        }
        EmitForward("ForwardChannels", "one sample's channels in the lanes", plan.Inference);
        if (plan.LanesInference is not null)
            EmitForward("ForwardLanes", "16 samples side by side", plan.LanesInference);
        if (plan.Entries.ForwardTogether is { Parameters: var together })
        {
            writer.Line();
            writer.Line("/// <summary>Forward pass of one sample by all workers together: each has its share of every layer, and all have finished one before the next begins.</summary>");
            var sections = new DriverSections("ForwardTogether", suffix, together);
            using (writer.UncheckedMethod($"internal static void ForwardTogether{suffix}({together.Declaration()})"))
                Orchestrator(plan.Inference, sections).EmitTogether(plan.Inference.Calls);
            sections.Emit(writer);
        }

        Orchestrator Orchestrator(PlannedGraph planned, DriverSections sections)
        {
            var external = new Dictionary<Value, string>();
            if (planned.Graph.Inputs.Single().Layout.IsCallers)
                external.Add(planned.Graph.Inputs.Single(), "input");
            return new Orchestrator(writer, names, planned.Memory, external, "capacity", hasFirst: false, sections);
        }

        void EmitForward(string name, string how, PlannedGraph planned)
        {
            writer.Line();
            writer.Line($"/// <summary>Forward pass, {how}.</summary>");
            var sections = new DriverSections(name, suffix, parameters);
            using (writer.UncheckedMethod($"private static void {name}{suffix}({parameters.Declaration()})"))
                Orchestrator(planned, sections).Emit(planned.Calls, "count");
            sections.Emit(writer);
        }
    }

    private static void EmitTraining(SourceWriter writer, KernelNames names, NetworkPlan plan, string suffix)
    {
        PlannedGraph training = plan.Training;
        Graph graph = training.Graph;

        Segmented(plan.ForwardSegments(), "Forward pass of training", ": every activation is kept for the backward pass.",
            EntryPoints.OfTrainForward);

        Method("StoreOutput", "The output of the last forward pass, in the caller's order.",
            plan.Entries.StoreOutput.Parameters,
            [NetworkPlan.StoreOutput("StoreTrainingOutput", graph.Outputs.Single())]);

        Method("LoadOutputGradient", "The gradient of a loss of the caller's.",
            plan.Entries.LoadOutputGradient.Parameters, [NetworkPlan.LoadOutputGradient(graph.Outputs.Single(), graph.OutputGradients.Single())]);

        foreach (LossTarget target in plan.Entries.Targets)
        {
            Method(target.Driver, "Loss of each sample, and the gradient of the batch's; scale is 1 over what the sum of the losses is divided by.",
                plan.Entries.Losses[target].Parameters,
                training.Calls.Where(c => c.Node is not null && graph.LossNodes.Contains(c.Node) && (c.Driver is null || c.Driver == target.Driver)).ToList());
        }

        Segmented(plan.BackwardSegments(), "Gradients of the activations", "; of the input too, where the caller wants it.",
            EntryPoints.OfBackward);

        if (plan.ForwardSegments() is { BatchCalls.Count: > 0 } forwardSegments)
            Parts(forwardSegments, plan.BackwardSegments());
        EmitWeightGradients(writer, names, plan, suffix);
        EmitPreparation(writer, names, plan.Prepared, plan.Entries.PrepareTraining,
            "What the passes of training need of the weights in another form: with inputs and outputs exchanged, or at Winograd's points.", suffix);

        // A segment for each stretch between the kernels that read the whole batch, and one method for those, by number.
        void Segmented(Segments segments, string what, string remark, IReadOnlyList<KernelParameter> parameters)
        {
            for (int part = 0; part < segments.Parts.Count; part++)
            {
                string which = segments.Parts.Count == 1 ? $"{what}{remark}" : $"{what}, part {Literals.Int(part + 1)} of {Literals.Int(segments.Parts.Count)}{remark}";
                if (segments.Parts[part].Count > 0)
                    Method(segments.NameOf(part), which, parameters, segments.Parts[part]);
                if (part < segments.BatchCalls.Count)
                    BatchMethod(segments.NameOf(part) + "Batch", segments.BatchCalls[part]);
            }
        }

        // All parts but the last of the forward pass and the first of the backward pass, which run with the loss between them.
        void Parts(Segments forward, Segments backward)
        {
            writer.Line();
            writer.Line("/// <summary>A part of the forward or backward pass, by number: for its samples, or for its share of what needs the whole batch.</summary>");
            IReadOnlyList<KernelParameter> parameters = plan.Entries.TrainPart!.Parameters;
            var cases = new List<string[]>();
            for (int part = 0; part < forward.BatchCalls.Count; part++)
            {
                cases.Add(Samples(forward, part, "parameters, prepared, scratch, arena, capacity, input, first, count, seed, step"));
                cases.Add(Batch(forward, part));
            }
            for (int part = 0; part < backward.BatchCalls.Count; part++)
            {
                cases.Add(Batch(backward, part));
                cases.Add(Samples(backward, part + 1, "parameters, prepared, scratch, arena, capacity, inputGradient, first, count"));
            }
            var sections = new DriverSections("TrainPart", suffix, parameters);
            IReadOnlyList<IReadOnlyList<string[]>> stretches = DriverSections.Split(cases);
            using (writer.UncheckedMethod($"internal static void TrainPart{suffix}({parameters.Declaration()})"))
            {
                if (stretches.Count == 1)
                    Switch(writer, cases, 0);
                for (int i = 0; stretches.Count > 1 && i < stretches.Count; i++)
                {
                    int number = i * DriverSections.MaxCalls;
                    IReadOnlyList<string[]> stretch = stretches[i];
                    if (i < stretches.Count - 1)
                        writer.Line($"{(i == 0 ? "" : "else ")}if (part < {Literals.Int(number + DriverSections.MaxCalls)})");
                    else
                        writer.Line("else");
                    using (writer.Indent())
                        writer.Line(sections.Add(null, body => Switch(body, stretch, number)));
                }
            }
            sections.Emit(writer);

            string[] Samples(Segments segments, int part, string arguments)
                => segments.Parts[part].Count == 0 ? [] : ["if (count > 0)", $"    {segments.NameOf(part)}{suffix}({arguments});"];

            string[] Batch(Segments segments, int part)
                => [$"{segments.NameOf(part)}Batch{suffix}(parameters, gradients, prepared, arena, capacity, samples, worker, workers);"];

            static void Switch(SourceWriter writer, IReadOnlyList<string[]> cases, int first)
            {
                using (writer.Block("switch (part)"))
                {
                    for (int i = 0; i < cases.Count; i++)
                    {
                        writer.Line($"case {Literals.Int(first + i)}:");
                        using (writer.Indent())
                        {
                            foreach (string statement in cases[i])
                                writer.Line(statement);
                            writer.Line("break;");
                        }
                    }
                }
            }
        }

        void BatchMethod(string name, KernelCall call)
        {
            writer.Line();
            writer.Line($"/// <summary>What {call.Node!.Name} needs of the whole batch; each worker has its channels.</summary>");
            IReadOnlyList<KernelParameter> parameters = EntryPoints.OfBatch;
            using (writer.UncheckedMethod($"internal static void {name}{suffix}({parameters.Declaration()})"))
            {
                var orchestrator = new Orchestrator(writer, names, training.Memory, new Dictionary<Value, string>(), "capacity", hasFirst: false, new DriverSections(name, suffix, parameters));
                orchestrator.EmitShared([call]);
            }
        }

        void Method(string name, string summary, IReadOnlyList<KernelParameter> parameters, IReadOnlyList<KernelCall> calls)
        {
            writer.Line();
            writer.Line($"/// <summary>{summary} Samples <paramref name=\"first\"/> to <paramref name=\"first\"/> + <paramref name=\"count\"/> − 1; the caller's pointers are at the first.</summary>");
            var sections = new DriverSections(name, suffix, parameters);
            using (writer.UncheckedMethod($"internal static void {name}{suffix}({parameters.Declaration()})"))
            {
                var orchestrator = new Orchestrator(writer, names, training.Memory, new Dictionary<Value, string>(), "capacity", hasFirst: true, sections);
                orchestrator.Emit(calls, "count");
            }
            sections.Emit(writer);
        }
    }

    private static void EmitWeightGradients(SourceWriter writer, KernelNames names, NetworkPlan plan, string suffix)
    {
        List<KernelCall> calls = plan.Training.Calls.Where(c => c.Stage == Stage.WeightGradient).ToList();
        writer.Line();
        writer.Line("/// <summary>Gradients of the parameters. Each worker computes its part of every tensor, over all samples.</summary>");
        IReadOnlyList<KernelParameter> parameters = plan.Entries.WeightGradients.Parameters;
        var sections = new DriverSections("WeightGradients", suffix, parameters);
        using (writer.UncheckedMethod($"internal static void WeightGradients{suffix}({parameters.Declaration()})"))
        {
            var orchestrator = new Orchestrator(writer, names, plan.Training.Memory, new Dictionary<Value, string>(), "capacity", hasFirst: false, sections);
            orchestrator.EmitShared(calls.Where(c => c.Domain != Domain.AfterMeeting).ToList());
            if (plan.GradientsMeet)
            {
                writer.Line("// All workers have computed their parts; now the sums over all.");
                writer.Line("pool.Meet(worker);");
                orchestrator.EmitShared(calls.Where(c => c.Domain == Domain.AfterMeeting).ToList());
            }
        }
        sections.Emit(writer);
    }

    private static void EmitPreparation(
        SourceWriter writer, KernelNames names, PreparedWeights prepared, EntryPoint entry, string summary, string suffix)
    {
        writer.Line();
        writer.Line($"/// <summary>{summary}</summary>");
        var sections = new DriverSections(entry.Name, suffix, entry.Parameters);
        IReadOnlyList<IReadOnlyList<PreparedWeights.Step>> stretches = DriverSections.Split(prepared.Steps);
        using (writer.UncheckedMethod($"internal static void {entry.Name}{suffix}({entry.Parameters.Declaration()})"))
        {
            if (stretches.Count <= 1)
                EmitSteps(writer, names, prepared, prepared.Steps);
            foreach (IReadOnlyList<PreparedWeights.Step> stretch in stretches.Where(_ => stretches.Count > 1))
                writer.Line(sections.Add(null, body => EmitSteps(body, names, prepared, stretch)));
        }
        sections.Emit(writer);
    }

    private static void EmitSteps(SourceWriter writer, KernelNames names, PreparedWeights prepared, IReadOnlyList<PreparedWeights.Step> steps)
    {
        foreach (PreparedWeights.Step step in steps)
        {
            string statement = step switch
            {
                PreparedWeights.KernelStep call
                    => CallText.Kernel(call.Kernel, names.Use(call.Kernel), call.Arguments, samples: "", blocks: "", CallText.Argument),
                PreparedWeights.RuntimeStep call => CallText.Runtime(call.Call),
                _ => throw new InvalidOperationException($"{step} is no call."),
            };
            writer.Line($"// {step.Node.Name}");
            if (prepared.ForInputGradientOnly.Contains(step.Node))
            {
                writer.Line("if (wantsInputGradient)");
                using (writer.Indent())
                    writer.Line(statement);
            }
            else
            {
                writer.Line(statement);
            }
        }
    }
}
