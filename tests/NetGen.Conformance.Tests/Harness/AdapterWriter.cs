using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>Writes the class that makes one generated network an <see cref="ICompiledNetwork"/>: every generated public member is used.</summary>
internal static class AdapterWriter
{
    /// <summary>From a kind of layer in small letters to its own casing.</summary>
    private static readonly Dictionary<string, string> s_kinds = typeof(LayerAttribute).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(LayerAttribute)) && !type.IsAbstract)
        .Select(Kind).Distinct().ToDictionary(kind => kind.ToLowerInvariant(), StringComparer.Ordinal);

    public static string ClassName(Stack stack) => stack.Name + "Adapter";

    /// <param name="declaredAs">What the network is declared with besides its layers.</param>
    public static string Write(Stack stack, DeclaredAs declaredAs = DeclaredAs.Usual)
    {
        bool hasStream = declaredAs.HasFlag(DeclaredAs.Stream), isTrained = !declaredAs.HasFlag(DeclaredAs.InferenceOnly);
        string name = stack.Name;
        string Paths(string root, IEnumerable<int> parameters) =>
            string.Join(", ", parameters.Select(p => $"{root}.{PropertyPath(stack.Parameters[p].Name)}"));
        string all = Paths("net", Enumerable.Range(0, stack.Parameters.Count));
        string target = stack.IsSimple ? stack.Loss?.Targets ?? "" : "";
        const string NoTrainer = "throw new NotSupportedException(\"The network is for inference only.\")";
        const string None = "throw new NotSupportedException(\"The network has no loss.\")";
        // Of the only input, where there is one.
        bool isInt = stack.Inputs[0].IsInts;
        string input = isInt ? IntsOf("input") : "input", inputGradient = isInt ? "" : ", inputGradient";
        string step = target == "" ? None : $"trainer.Step({input}, {target})";
        string backward = target == "" ? None : $"trainer.Backward({target})";
        string backwardWithInput = target == "" ? None : $"trainer.Backward({target}{inputGradient})";
        const string Several = "throw new NotSupportedException(\"The network has several inputs or outputs.\")";
        string[] inputs = Stems(stack.Inputs, "Input"), outputs = Stems(stack.Outputs, "Output");
        string[] targets =
        [
            .. stack.Losses.SelectMany((loss, i) => loss.Targets.Split(", ", StringSplitOptions.RemoveEmptyEntries)
                .Select(t => $"{t}[{AttributeWriter.Code(i)}].Span")),
        ];
        string inputSpans = Inputs(stack, i => Span("inputs", i)), outputSpans = Spans("outputs", outputs.Length);
        string outputGradients = Spans("outputGradients", outputs.Length);
        // Those of ints have none.
        string[] inputGradients = [.. stack.FloatInputs.Select(i => Span("inputGradients", i))];
        // By the calls for those who know only that it is a session or trainer: they go on to the network's own.
        string given = string.Join(", ", targets.Select(t => t[..^".Span".Length]));
        string values = $"new BatchValues[] {{ {Inputs(stack, i => $"inputs[{AttributeWriter.Code(i)}]")} }}";
        string count = stack.HasLengths ? $"inputs[{AttributeWriter.Code(stack.Inputs.Count)}].Length" : $"inputs[0].Length / {name}.{inputs[0]}Size";
        string stepAll = Call("Step", [$"new Batch({count}, {values}, new BatchValues[] {{ {given} }})"]);
        string forwardAll = $"session.Forward(new Batch({count}, {values}, default), outputs)";
        string backwardAll = Call("Backward", targets), backwardAllWithInputs = Call("Backward", [.. targets, .. inputGradients]);
        string losses = string.Join(", ", stack.Losses.Select(loss =>
            $"trainer.{(stack.Losses.Count == 1 ? "" : PropertyName(loss.Of[0]))}SampleLosses.ToArray()"));
        return $$"""
            public sealed class {{ClassName(stack)}} : ICompiledNetwork
            {
                public Type Type => typeof({{name}});
                public int[] InputSizes => new int[] { {{string.Join(", ", inputs.Select(s => $"{name}.{s}Size"))}} };
                public int[] OutputSizes => new int[] { {{string.Join(", ", outputs.Select(s => $"{name}.{s}Size"))}} };
                public int ParameterCount => {{name}}.ParameterCount;
                public long MultiplyAdds => {{name}}.MultiplyAdds;
                public string Summary => {{name}}.Summary;
                public int[][] InputShapes => new int[][] { {{string.Join(", ", inputs.Select(s => $"{name}.{s}Shape.ToArray()"))}} };
                public int[][] OutputShapes => new int[][] { {{string.Join(", ", outputs.Select(s => $"{name}.{s}Shape.ToArray()"))}} };
                public INetworkInstance Create(ulong seed) => new Instance(new {{name}}(seed));
                public INetworkInstance Create(ulong seed, Initialization initialization) => new Instance(new {{name}}(seed, initialization));
                public INetworkInstance Load(string path) => new Instance({{name}}.Load(path));

                private sealed class Instance({{name}} net) : INetworkInstance
                {
                    public INetwork Network => net;
                    public IReadOnlyList<Parameter> Parameters => net.Parameters;
                    public IReadOnlyList<Parameter> LayerParameters => new Parameter[] { {{all}} };
                    public ISessionAdapter CreateSession(int maxBatch, SessionOptions? options) => new SessionAdapter(net.CreateSession(maxBatch, options));
                    public ITrainerAdapter CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options) => {{(isTrained ? "new TrainerAdapter(net.CreateTrainer(batchSize, optimizer, options))" : NoTrainer)}};
            {{(hasStream ? "        public IStreamAdapter CreateStream(SessionOptions? options) => new StreamAdapter(net.CreateStream(options));" : "")}}
                }
            {{(hasStream ? Stream(name, inputs, outputs, inputSpans, outputSpans) : "")}}

                private sealed class SessionAdapter({{name}}.Session session) : ISessionAdapter
                {
                    public object Session => session;
                    public int MaxBatch => session.MaxBatch;
                    public VectorWidth VectorWidth => session.VectorWidth;
                    public int Threads => session.Threads;
                    public string Schedule => session.Schedule;
                    public void Forward(ReadOnlySpan<float> input, Span<float> output) => {{(stack.IsSimple ? $"session.Forward({input}, output)" : Several)}};
                    public void Forward(ReadOnlyMemory<float>[] inputs, Memory<float>[] outputs) => {{forwardAll}};
                    public void Dispose() => session.Dispose();
                }

            {{(isTrained ? Trainer() : "")}}
            }

            """;

        string Trainer() => $$"""
                private sealed class TrainerAdapter({{name}}.Trainer trainer) : ITrainerAdapter
                {
                    public int BatchSize => trainer.BatchSize;
                    public VectorWidth VectorWidth => trainer.VectorWidth;
                    public int Threads => trainer.Threads;
                    public string Schedule => trainer.Schedule;
                    public Optimizer Optimizer => trainer.Optimizer;
                    public ReadOnlySpan<double> SampleLosses => {{(stack.Losses.Count == 1 ? "trainer.SampleLosses" : "default")}};
                    public double[][] AllSampleLosses => new double[][] { {{losses}} };
                    public IReadOnlyList<Parameter> Gradients => new Parameter[] { {{Paths("trainer.Gradients", stack.WithGradient)}} };
                    public void Forward(ReadOnlySpan<float> input, Span<float> output) => {{(stack.IsSimple ? $"trainer.Forward({input}, output)" : Several)}};
                    public void Forward(ReadOnlyMemory<float>[] inputs, Memory<float>[] outputs) => trainer.Forward({{inputSpans}}, {{outputSpans}});
                    public float Step(ReadOnlyMemory<float>[] inputs, ReadOnlyMemory<int>[] labels, ReadOnlyMemory<float>[] values) => {{stepAll}};
                    public float Backward(ReadOnlyMemory<int>[] labels, ReadOnlyMemory<float>[] values) => {{backwardAll}};
                    public float Backward(ReadOnlyMemory<int>[] labels, ReadOnlyMemory<float>[] values, Memory<float>[] inputGradients) => {{backwardAllWithInputs}};
                    public void BackwardFromOutput(ReadOnlyMemory<float>[] outputGradients, Memory<float>[] inputGradients) => trainer.BackwardFromOutput({{string.Join(", ", inputGradients.Prepend(outputGradients))}});
                    public float Step(ReadOnlySpan<float> input, ReadOnlySpan<int> labels, ReadOnlySpan<float> values) => {{step}};
                    public float Backward(ReadOnlySpan<int> labels, ReadOnlySpan<float> values) => {{backward}};
                    public float Backward(ReadOnlySpan<int> labels, ReadOnlySpan<float> values, Span<float> inputGradient) => {{backwardWithInput}};
                    public void BackwardFromOutput(ReadOnlySpan<float> outputGradient, Span<float> inputGradient) => {{(stack.IsSimple ? $"trainer.BackwardFromOutput(outputGradient{inputGradient})" : Several)}};
                    public bool AccumulateGradients { get => trainer.AccumulateGradients; set => trainer.AccumulateGradients = value; }
                    public void Update() => trainer.Update();
                    public void Dispose() => trainer.Dispose();
                }
            """;

        string Call(string method, string[] arguments) =>
            stack.Losses.Count == 0 ? None : $"trainer.{method}({string.Join(", ", arguments)})";
    }

    private static string Stream(string name, string[] inputs, string[] outputs, string inputSpans, string outputSpans) => $$"""

                private sealed class StreamAdapter({{name}}.Stream stream) : IStreamAdapter
                {
                    private readonly {{name}}.Stream _stream = stream;
                    public int[] InputSizes => new int[] { {{string.Join(", ", inputs.Select(s => $"{name}.Stream.{s}Size"))}} };
                    public int[] OutputSizes => new int[] { {{string.Join(", ", outputs.Select(s => $"{name}.Stream.{s}Size"))}} };
                    public long Position => _stream.Position;
                    public int? Capacity => _stream.Capacity;
                    public VectorWidth VectorWidth => _stream.VectorWidth;
                    public void Step(ReadOnlyMemory<float>[] inputs, Memory<float>[] outputs) => _stream.Step({{inputSpans}}, {{outputSpans}});
                    public void Prefill(ReadOnlyMemory<float>[] inputs, Memory<float>[] outputs) => _stream.Prefill({{inputSpans}}, {{outputSpans}});
                    public void Prefill(ReadOnlyMemory<float>[] inputs) => _stream.Prefill({{inputSpans}});
                    public IStreamAdapter Fork() => new StreamAdapter(_stream.Fork());
                    public void CopyFrom(IStreamAdapter other) => _stream.CopyFrom(((StreamAdapter)other)._stream);
                    public void Reset() => _stream.Reset();
                    public void Save(string path) => _stream.Save(path);
                    public void Load(string path) => _stream.Load(path);
                    public void Dispose() => _stream.Dispose();
                }
        """;

    /// <summary>In front of names of members; an only port is called what it is.</summary>
    private static string[] Stems(IReadOnlyList<Port> ports, string only) =>
        ports.Count == 1 ? [only] : [.. ports.Select(port => PropertyName(port.Name))];

    private static string Spans(string array, int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => Span(array, i)));

    private static string Span(string array, int index) => FormattableString.Invariant($"{array}[{index}].Span");

    /// <summary>All inputs as a network takes them, of which the tests know numbers only.</summary>
    private static string Inputs(Stack stack, Func<int, string> input) => string.Join(", ", stack.Inputs.SelectMany((port, i) =>
    {
        string own = port.IsInts ? IntsOf(Span("inputs", i)) : input(i);
        int axis = stack.Axes.ToList().IndexOf(port);
        return axis < 0 ? new[] { own } : [own, IntsOf(Span("inputs", stack.Inputs.Count + axis))];
    }));

    /// <summary>The parameter by which a call is given the lengths that an input brings.</summary>
    public static string LengthsOf(Stack stack, Port axis) => stack.Axes.Count == 1 ? "lengths"
        : char.ToLowerInvariant(PropertyName(axis.Name)[0]) + PropertyName(axis.Name)[1..] + "Lengths";

    private static string IntsOf(string numbers) => $"Ints.Of({numbers})";

    /// <summary>
    /// <c>residual1.conv1.weight</c> becomes <c>Residual1.Conv1.Weight</c>; the last product of an attention is among its own tensors.
    /// </summary>
    private static string PropertyPath(string name)
        => string.Join(".", name.Replace(".out_proj.", ".out_proj_", StringComparison.Ordinal).Split('.').Select(PropertyName));

    /// <summary>A layer's running name keeps the casing of its kind, <c>batchnorm1</c> becomes <c>BatchNorm1</c>; all else is in Pascal case.</summary>
    private static string PropertyName(string part)
    {
        string letters = part.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return s_kinds.TryGetValue(letters, out string? kind)
            ? kind + part[letters.Length..]
            : string.Concat(part.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static string Kind(Type attribute)
    {
        string name = attribute.Name.Split('`')[0];
        name = name[..^"Attribute".Length];
        return name.EndsWith("1d", StringComparison.Ordinal) || name.EndsWith("2d", StringComparison.Ordinal) ? name[..^2] : name;
    }
}
