using NetGen.Generator.Cpu;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>Writes the class that runs inference: an arena for each worker over shared parameters.</summary>
internal static class SessionEmitter
{
    public static void Emit(SourceWriter writer, NetworkPlan plan)
    {
        (long fixedLength, long perRow) = KernelFileEmitter.InferenceArena(plan);
        int rowBlock = KernelFileEmitter.RowBlock(plan);
        writer.Line("/// <summary>Prepares inference with the parameters of this network, which are shared and only read.</summary>");
        writer.Line("/// <param name=\"maxBatch\">The largest number of samples of one call.</param>");
        writer.Line("/// <param name=\"options\">Vector width and threads; by default the widest this processor runs well, and one thread.</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\">The batch is below 1, or the number of threads negative.</exception>");
        writer.Line("/// <exception cref=\"global::System.PlatformNotSupportedException\">The processor lacks the vector width asked for.</exception>");
        writer.Line($"public {plan.Network.Spec.ModifierOf("CreateSession")}Session CreateSession(int maxBatch = 1, global::NetGen.SessionOptions? options = null) => new Session(this, maxBatch, options ?? new global::NetGen.SessionOptions());");
        writer.Line();
        writer.Line("/// <summary>Inference: the memory for activations, and the threads. One session serves one caller at a time; sessions of one network run side by side.</summary>");
        bool prepares = plan.InferencePrepared.Length > 0;
        string services = "global::NetGen.CompilerServices.IParallelWork, global::NetGen.CompilerServices.IOwned" + (prepares ? ", global::NetGen.CompilerServices.IPreparation" : "");
        using (writer.Block($"public {plan.Network.Spec.ModifierOf("Session")}sealed unsafe class Session : global::NetGen.ISession, {services}"))
        {
            writer.Line("// Samples whose vectors are computed together, so that weights are read once for all of them.");
            writer.Line($"private const int RowBlock = {Literals.Int(rowBlock)};");
            if (plan.DividesSamples)
                writer.Line("private const int SamplesPhase = 0, TogetherPhase = 1;");
            writer.Line();
            writer.Line($"private readonly {plan.Network.Spec.FullName} _network;");
            writer.Line("private readonly global::NetGen.CompilerServices.AlignedBuffer _arena;");
            writer.Line("private readonly global::System.IntPtr _arenaLength;");
            writer.Line("private readonly int _capacity;");
            writer.Line("private readonly global::NetGen.CompilerServices.WorkerPool _pool;");
            writer.Line("private readonly global::NetGen.CompilerServices.Ownership _ownership;");
            writer.Line(prepares ? "private float* _input, _output, _prepared;" : "private float* _input, _output;");
            writer.Line("private int _samples;");
            writer.Line();
            using (writer.UncheckedMethod($"internal Session({plan.Network.Spec.FullName} network, int maxBatch, global::NetGen.SessionOptions options)"))
            {
                writer.Line("global::NetGen.CompilerServices.Guard.Batch(maxBatch, \"maxBatch\");");
                writer.Line("MaxBatch = maxBatch;");
                writer.Line("VectorWidth = global::NetGen.CompilerServices.VectorSupport.Resolve(options.VectorWidth);");
                writer.Line("Threads = global::NetGen.CompilerServices.VectorSupport.ResolveThreads(options.Threads);");
                writer.Line("_network = network;");
                writer.Line("_capacity = (global::System.Math.Min(RowBlock, maxBatch) + 15) / 16 * 16;");
                writer.Line($"_arenaLength = {Literals.Int(fixedLength)} + (global::System.IntPtr){Literals.Int(perRow)} * _capacity;");
                writer.Line("_arena = new global::NetGen.CompilerServices.AlignedBuffer(_arenaLength * Threads);");
                writer.Line("_pool = new global::NetGen.CompilerServices.WorkerPool(Threads);");
                writer.Line("_ownership = new global::NetGen.CompilerServices.Ownership(this, global::NetGen.CompilerServices.Ownership.SessionRemedy);");
            }
            writer.Line();
            writer.Line("/// <summary>The largest number of samples of one call.</summary>");
            writer.Line("public int MaxBatch { get; }");
            writer.Line();
            EmitSizes(writer, "ISession");
            EmitExecution(writer, Schedule(plan, training: false), plan.DividesSamples ? "{(Threads == 1 ? \"\" : \", which share each sample where there are more of them than samples\")}" : "");
            writer.Line("/// <summary>Computes the network's output.</summary>");
            writer.Line($"/// <param name=\"input\">n samples of {Literals.Int(plan.Network.Input.Size)} values, each {plan.Network.Input} in row-major order; n from 1 to <see cref=\"MaxBatch\"/>.</param>");
            writer.Line($"/// <param name=\"output\">Receives n × {Literals.Int(plan.Network.Output.Size)} values, each {plan.Network.Output}.</param>");
            writer.Line("/// <exception cref=\"global::System.ArgumentException\">A length is wrong.</exception>");
            writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The session is disposed.</exception>");
            writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">Another thread is in a call of this session; nothing was done.</exception>");
            using (writer.Block("public void Forward(global::System.ReadOnlySpan<float> input, global::System.Span<float> output)"))
            {
                EmitOwnership(writer);
                writer.Line("int samples = global::NetGen.CompilerServices.Guard.Samples(input.Length, InputSize, MaxBatch, \"input\");");
                writer.Line("global::NetGen.CompilerServices.Guard.Length(output.Length, samples, OutputSize, \"output\");");
                if (prepares)
                {
                    writer.Line($"using global::NetGen.CompilerServices.PreparedWeights.Lease prepared = {PrivateState.PreparedOf("_network")}.Take(this);");
                    writer.Line("_prepared = prepared.Pointer;");
                }
                using (writer.Block("fixed (float* source = input, target = output)"))
                {
                    using (writer.Block(plan.DividesSamples ? "if (Threads == 1)" : "if (Threads == 1 || samples == 1)"))
                        writer.Line("Run(source, target, samples, _arena.Pointer);");
                    if (plan.DividesSamples && !plan.WakesForOneSample)
                    {
                        using (writer.Block("else if (samples < Threads && !_pool.IsAwake)"))
                        {
                            writer.Line("// This sample would be over before the others run; the next may find them awake.");
                            writer.Line("Run(source, target, samples, _arena.Pointer);");
                            writer.Line("_pool.Wake();");
                        }
                    }
                    using (writer.Block("else"))
                    {
                        writer.Line("_input = source;");
                        writer.Line("_output = target;");
                        writer.Line("_samples = samples;");
                        if (plan.DividesSamples)
                            writer.Line("// Fewer samples than threads: all threads work on each together.");
                        if (plan.DividesSamples)
                        {
                            writer.Line("if (samples < Threads)");
                            using (writer.Indent())
                                writer.Line("_pool.RunMeeting(this, TogetherPhase);");
                            writer.Line("else");
                            using (writer.Indent())
                                writer.Line("_pool.Run(this, SamplesPhase);");
                        }
                        else
                        {
                            writer.Line("_pool.Run(this, phase: 0);");
                        }
                    }
                }
            }
            writer.Line();
            writer.Line("// Each worker takes a fixed range of the samples" + (plan.UsesSampleLanes ? ", in whole groups of 16." : "."));
            using (writer.UncheckedMethod("void global::NetGen.CompilerServices.IParallelWork.Execute(int phase, int worker, int workers)"))
            {
                string unit = plan.UsesSampleLanes ? "16" : "1";
                if (plan.DividesSamples)
                {
                    writer.Line("// One worker alone goes the ordinary way.");
                    using (writer.Block("if (phase == TogetherPhase && workers > 1)"))
                    {
                        writer.Line("RunTogether(worker);");
                        writer.Line("return;");
                    }
                }
                EmitRange(writer, "_samples", unit);
                writer.Line("if (end > first)");
                using (writer.Indent())
                    writer.Line("Run(_input + (long)first * InputSize, _output + (long)first * OutputSize, end - first, _arena.Pointer + worker * _arenaLength);");
            }
            writer.Line();
            using (writer.Block("private void Run(float* input, float* output, int count, float* arena)"))
            {
                writer.Line($"float* parameters = {PrivateState.ParametersOf("_network")}.Pointer;");
                EmitDispatch(writer, plan, "Forward", $"parameters, {(prepares ? "_prepared" : "null")}, arena, _capacity, input, output, count");
                writer.Line("// The kernels know pointers only: nothing may be finalised before they are done.");
                writer.Line("global::System.GC.KeepAlive(this);");
            }
            if (plan.DividesSamples)
                EmitTogether(writer, plan);
            writer.Line();
            if (prepares)
            {
                using (writer.Block("void global::NetGen.CompilerServices.IPreparation.Prepare(float* prepared)"))
                {
                    writer.Line($"float* parameters = {PrivateState.ParametersOf("_network")}.Pointer;");
                    EmitDispatch(writer, plan, "PrepareInference", "parameters, prepared, 0, 1");
                }
                writer.Line();
            }
            EmitDispose(writer, "Frees the activations and ends the threads", "_pool", "_arena");
        }
        writer.Line();
    }

    private static void EmitTogether(SourceWriter writer, NetworkPlan plan)
    {
        writer.Line();
        writer.Line("// The activations are those of the first worker's arena; each has its own scratch.");
        using (writer.UncheckedMethod("private void RunTogether(int worker)"))
        {
            writer.Line($"float* parameters = {PrivateState.ParametersOf("_network")}.Pointer, prepared = {(plan.InferencePrepared.Length > 0 ? "_prepared" : "null")};");
            writer.Line($"float* scratch = _arena.Pointer + worker * _arenaLength, arena = _arena.Pointer{(plan.InferencePrepared.ScratchLength > 0 ? $" + {Literals.Int(plan.InferencePrepared.ScratchLength)}" : "")};");
            using (writer.Block("for (int sample = 0; sample < _samples; sample++)"))
                EmitDispatch(writer, plan, "ForwardTogether", "parameters, prepared, scratch, arena, _capacity, _input + (long)sample * InputSize, _output + (long)sample * OutputSize, worker, _pool");
        }
    }

    /// <summary>The first line of every public call: refuses it while another is inside.</summary>
    public static void EmitOwnership(SourceWriter writer) => writer.Line("using global::NetGen.CompilerServices.Ownership.Lease lease = _ownership.Take();");

    /// <summary>Disposal, and what it frees once no call is inside.</summary>
    public static void EmitDispose(SourceWriter writer, string summary, params string[] fields)
    {
        writer.Line($"/// <summary>{summary}; where another thread is in a call, at the end of that call. Calling it again does nothing.</summary>");
        writer.Line("public void Dispose() => _ownership.Dispose();");
        writer.Line();
        using (writer.Block("void global::NetGen.CompilerServices.IOwned.Free()"))
        {
            foreach (string field in fields)
                writer.Line($"{field}.Dispose();");
        }
    }

    /// <summary>Declares first and end of a worker's samples.</summary>
    public static void EmitRange(SourceWriter writer, string samples, string unit)
    {
        if (unit == "1")
        {
            writer.Line($"int first = (int)((long){samples} * worker / workers), end = (int)((long){samples} * (worker + 1) / workers);");
            return;
        }
        writer.Line($"int blocks = ({samples} + 15) / 16;");
        writer.Line($"int first = global::System.Math.Min({samples}, blocks * worker / workers * 16), end = global::System.Math.Min({samples}, blocks * (worker + 1) / workers * 16);");
    }

    /// <summary>The network's constants for those who know an interface only.</summary>
    public static void EmitSizes(SourceWriter writer, string type)
    {
        writer.Line($"int global::NetGen.{type}.InputSize => InputSize;");
        writer.Line();
        writer.Line($"int global::NetGen.{type}.OutputSize => OutputSize;");
        writer.Line();
    }

    /// <summary>The properties by which a session or trainer tells what runs.</summary>
    /// <param name="division">More of the interpolated string: how samples are divided among threads.</param>
    public static void EmitExecution(SourceWriter writer, string schedule, string division = "")
    {
        writer.Line("/// <summary>The vectors that the kernels in use work on.</summary>");
        writer.Line("public global::NetGen.VectorWidth VectorWidth { get; }");
        writer.Line();
        writer.Line("/// <summary>Threads that share the work of one call, the caller's included.</summary>");
        writer.Line("public int Threads { get; }");
        writer.Line();
        writer.Line("/// <summary>What runs, in words: vectors, threads and the lanes of each layer.</summary>");
        writer.Line($"public string Schedule => $\"{{(int)VectorWidth}}-bit vectors, {{Threads}} thread{{(Threads == 1 ? \"\" : \"s\")}}{division}; {schedule}\";");
        writer.Line();
    }

    public static void EmitDispatch(SourceWriter writer, NetworkPlan plan, string method, string arguments, string width = "VectorWidth")
    {
        using (writer.Block($"switch ({width})"))
        {
            foreach (VectorIsa isa in VectorIsa.For(plan.Network.Spec.Target))
            {
                writer.Line(isa.Lanes == 4 ? "default:" : $"case global::NetGen.VectorWidth.Vector{Literals.Int(isa.Bits)}:");
                using (writer.Indent())
                {
                    writer.Line($"global::{KernelFileEmitter.Namespace}.{KernelFileEmitter.ClassName(plan, isa)}.{method}_{isa.Suffix}({arguments});");
                    writer.Line("break;");
                }
            }
        }
    }

    public static string Schedule(NetworkPlan plan, bool training)
    {
        var entries = plan.Training.Graph.ForwardNodes.Select(node => node.Cpu.Schedule).OfType<ScheduleEntry>().ToList();
        var convolutions = entries.Where(e => e.Lanes == ScheduleLanes.Image).Select(e => e.Layer).ToList();
        var linears = entries.Where(e => e.Lanes == ScheduleLanes.OutputFeatures).Select(e => e.Layer).ToList();
        var parts = new List<string>();
        List<string> width = NetworkPlan.InWidthLanes(training ? plan.Training : plan.Inference).Select(node => node.Name).ToList();
        string widthText = width.Count > 0 ? $" ({string.Join(", ", width)}: width lanes)" : "";
        if (convolutions.Count > 0)
        {
            parts.Add(string.Join(", ", convolutions) + (plan.UsesSampleLanes
                ? training ? ": sample lanes" : $": sample lanes for {Literals.Int(plan.MinLaneSamples)} samples and more, channel lanes below"
                : ": channel lanes") + widthText);
        }
        if (linears.Count > 0)
            parts.Add(string.Join(", ", linears) + ": output features as lanes");
        return parts.Count == 0 ? "element-wise" : string.Join("; ", parts);
    }
}
