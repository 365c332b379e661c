using NetGen.Generator.Emit.Isa;
using NetGen.Generator.Passes;

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
        writer.Line("/// <exception cref=\"ArgumentOutOfRangeException\">The batch is below 1, or the number of threads negative.</exception>");
        writer.Line("/// <exception cref=\"PlatformNotSupportedException\">The processor lacks the vector width asked for.</exception>");
        writer.Line("public Session CreateSession(int maxBatch = 1, global::NetGen.SessionOptions? options = null) => new Session(this, maxBatch, options ?? new global::NetGen.SessionOptions());");
        writer.Line();
        writer.Line("/// <summary>Inference: the memory for activations, and the threads. One session serves one caller at a time; sessions of one network run side by side.</summary>");
        using (writer.Block("public sealed unsafe class Session : IDisposable, IParallelWork"))
        {
            writer.Line("// Samples whose vectors are computed together, so that weights are read once for all of them.");
            writer.Line($"private const int RowBlock = {Literals.Int(rowBlock)};");
            writer.Line();
            writer.Line("private readonly AlignedBuffer _parameters;");
            writer.Line("private readonly AlignedBuffer _arena;");
            writer.Line("private readonly nint _arenaLength;");
            writer.Line("private readonly int _capacity;");
            writer.Line("private readonly WorkerPool _pool;");
            writer.Line("private float* _input, _output;");
            writer.Line("private int _samples;");
            writer.Line("private bool _disposed;");
            writer.Line();
            using (writer.Block($"internal Session({plan.Network.Spec.Name} network, int maxBatch, global::NetGen.SessionOptions options)"))
            {
                writer.Line("Guard.Batch(maxBatch, nameof(maxBatch));");
                writer.Line("MaxBatch = maxBatch;");
                writer.Line("VectorWidth = VectorSupport.Resolve(options.VectorWidth);");
                writer.Line("Threads = VectorSupport.ResolveThreads(options.Threads);");
                writer.Line("_parameters = network._parameters;");
                writer.Line("_capacity = (Math.Min(RowBlock, maxBatch) + 15) / 16 * 16;");
                writer.Line($"_arenaLength = {Literals.Int(fixedLength)} + (nint){Literals.Int(perRow)} * _capacity;");
                writer.Line("_arena = new AlignedBuffer(_arenaLength * Threads);");
                writer.Line("_pool = new WorkerPool(Threads);");
            }
            writer.Line();
            writer.Line("/// <summary>The largest number of samples of one call.</summary>");
            writer.Line("public int MaxBatch { get; }");
            writer.Line();
            EmitExecution(writer, Schedule(plan, training: false));
            writer.Line("/// <summary>Computes the network's output.</summary>");
            writer.Line($"/// <param name=\"input\">n samples of {Literals.Int(plan.Network.Input.Size)} values, each {plan.Network.Input} in row-major order; n from 1 to <see cref=\"MaxBatch\"/>.</param>");
            writer.Line($"/// <param name=\"output\">Receives n × {Literals.Int(plan.Network.Output.Size)} values, each {plan.Network.Output}.</param>");
            writer.Line("/// <exception cref=\"ArgumentException\">A length is wrong.</exception>");
            writer.Line("/// <exception cref=\"ObjectDisposedException\">The session is disposed.</exception>");
            using (writer.Block("public void Forward(ReadOnlySpan<float> input, Span<float> output)"))
            {
                writer.Line("Guard.NotDisposed(_disposed, this);");
                writer.Line("int samples = Guard.Samples(input.Length, InputSize, MaxBatch, nameof(input));");
                writer.Line("Guard.Length(output.Length, samples, OutputSize, nameof(output));");
                using (writer.Block("fixed (float* source = input, target = output)"))
                {
                    using (writer.Block("if (Threads == 1 || samples == 1)"))
                        writer.Line("Run(source, target, samples, _arena.Pointer);");
                    using (writer.Block("else"))
                    {
                        writer.Line("_input = source;");
                        writer.Line("_output = target;");
                        writer.Line("_samples = samples;");
                        writer.Line("_pool.Run(this, phase: 0);");
                    }
                }
            }
            writer.Line();
            writer.Line("// Each worker takes a fixed range of the samples" + (plan.UsesSampleLanes ? ", in whole groups of 16." : "."));
            using (writer.Block("void IParallelWork.Execute(int phase, int worker, int workers)"))
            {
                string unit = plan.UsesSampleLanes ? "16" : "1";
                EmitRange(writer, "_samples", unit);
                writer.Line("if (end > first)");
                using (writer.Indent())
                    writer.Line("Run(_input + (long)first * InputSize, _output + (long)first * OutputSize, end - first, _arena.Pointer + worker * _arenaLength);");
            }
            writer.Line();
            using (writer.Block("private void Run(float* input, float* output, int count, float* arena)"))
            {
                writer.Line("float* parameters = _parameters.Pointer;");
                EmitDispatch(writer, plan, "Forward", "parameters, arena, _capacity, input, output, count");
                writer.Line("// The kernels know pointers only: nothing may be finalised before they are done.");
                writer.Line("GC.KeepAlive(this);");
            }
            writer.Line();
            writer.Line("/// <summary>Frees the activations and ends the threads.</summary>");
            using (writer.Block("public void Dispose()"))
            {
                writer.Line("if (_disposed)");
                using (writer.Indent())
                    writer.Line("return;");
                writer.Line("_disposed = true;");
                writer.Line("_pool.Dispose();");
                writer.Line("_arena.Dispose();");
            }
        }
        writer.Line();
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
        writer.Line($"int first = Math.Min({samples}, blocks * worker / workers * 16), end = Math.Min({samples}, blocks * (worker + 1) / workers * 16);");
    }

    /// <summary>The properties by which a session or trainer tells what runs.</summary>
    public static void EmitExecution(SourceWriter writer, string schedule)
    {
        writer.Line("/// <summary>The vectors that the kernels in use work on.</summary>");
        writer.Line("public global::NetGen.VectorWidth VectorWidth { get; }");
        writer.Line();
        writer.Line("/// <summary>Threads that share the work of one call, the caller's included.</summary>");
        writer.Line("public int Threads { get; }");
        writer.Line();
        writer.Line("/// <summary>What runs, in words: vectors, threads and the lanes of each layer.</summary>");
        writer.Line($"public string Schedule => $\"{{(int)VectorWidth}}-bit vectors, {{Threads}} thread{{(Threads == 1 ? \"\" : \"s\")}}; {schedule}\";");
        writer.Line();
    }

    public static void EmitDispatch(SourceWriter writer, NetworkPlan plan, string method, string arguments)
    {
        using (writer.Block("switch (VectorWidth)"))
        {
            foreach (VectorIsa isa in VectorIsa.For(plan.Network.Spec.Target))
            {
                writer.Line(isa.Lanes == 4 ? "default:" : $"case global::NetGen.VectorWidth.Vector{Literals.Int(isa.Bits)}:");
                using (writer.Indent())
                {
                    writer.Line($"{KernelFileEmitter.ClassName(isa)}.{method}_{isa.Suffix}({arguments});");
                    writer.Line("break;");
                }
            }
        }
    }

    public static string Schedule(NetworkPlan plan, bool training)
    {
        var convolutions = plan.Training.Graph.ForwardNodes.OfType<Graph.Conv2dNode>()
            .Select(c => c.Name + (Kernels.Winograd.Applies(ConvolutionGeometries.Forward(c, c.Input.Layout, c.Output!.Layout), c.Activation) ? " (Winograd)" : "")).ToList();
        var linears = plan.Training.Graph.ForwardNodes.OfType<Graph.LinearNode>().Select(c => c.Name).ToList();
        var parts = new List<string>();
        if (convolutions.Count > 0)
        {
            parts.Add(string.Join(", ", convolutions) + (plan.UsesSampleLanes
                ? training ? ": sample lanes" : ": sample lanes for 6 samples and more, channel lanes below"
                : ": channel lanes"));
        }
        if (linears.Count > 0)
            parts.Add(string.Join(", ", linears) + ": output features as lanes");
        return parts.Count == 0 ? "element-wise" : string.Join("; ", parts);
    }
}
