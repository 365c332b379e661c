using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Inference;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;
using static NetGen.Generator.Surface.SurfaceMember;

namespace NetGen.Generator.Emit;

/// <summary>
/// The network's class: constants, parameters by layer, files, session and trainer. Of a network in error it has the same members.
/// </summary>
internal static class NetworkSurface
{
    /// <param name="network">The network.</param>
    /// <param name="declaration">How to reopen the class.</param>
    public static SurfaceType Of(NetworkFacts network, string declaration) => new(network.Spec.Name, declaration)
    {
        Documentation = network.Plan is { } plan ? Documentation(plan.Network) : [],
        Bases = [RuntimeTypes.INetwork],
        Items =
        [
            .. Constants(network),
            new PrivateState(network),
            .. Parameters(network),
            .. Files(network),
            .. Interface(network),
            .. network.Layers.Select(layer => ParameterSurface.Type(layer, network.OwnType(layer.Type))),
            network.Own(NetworkMembers.CreateSession).Does(() => Body.Of(
                $"new Session(this, maxBatch, options ?? new {RuntimeTypes.SessionOptions}())")),
            SessionSurface.Of(network),
            .. network.Spec.IsInferenceOnly ? [] : Training(network),
            .. network.Spec.HasStream ? StreamSurface.Members(network) : [],
            .. network.Spec.IsInferenceOnly ? new SurfaceItem[0] : [ParameterSurface.Gradients(network)],
        ],
    };

    private static IEnumerable<SurfaceItem> Training(NetworkFacts network) =>
    [
        network.Own(NetworkMembers.CreateTrainer).Does(() => Body.Of(
            $"new Trainer(this, batchSize, optimizer, options ?? new {RuntimeTypes.TrainerOptions}())")),
        TrainerSurface.Of(network),
    ];

    private static IReadOnlyList<string> Documentation(InferredNetwork network)
    {
        string parameters = Literals.Count(NetworkFigures.Parameters(network)),
            operations = Literals.Count(NetworkFigures.MultiplyAdds(network));
        string inputs = string.Join(", ", network.Inputs.Select(port => port.Shape));
        string outputs = string.Join(", ", network.Outputs.Select(port => port.Shape));
        string text = $"{inputs} → {outputs}: {parameters} parameters, {operations} multiply-adds per sample.";
        return [Doc.Summary(XmlText.Escape(text)), "<remarks><list type=\"bullet\">", .. Summary.Xml(network), "</list></remarks>"];
    }

    private static IEnumerable<SurfaceItem> Constants(NetworkFacts network)
    {
        SurfaceMember Constant(SurfaceMember member, Func<string> value, string inStub)
            => network.Own(member) with { Value = (value, inStub) };

        return
        [
            .. Ports(network).Select(port =>
                Constant(port.Member.Size, () => Literals.Int(port.Port.Shape.Size), Product(port.Port.Extents))),
            Constant(NetworkMembers.ParameterCount, () => Literals.Int(NetworkFigures.Parameters(network.Sound.Network)), "1"),
            Constant(NetworkMembers.ActivationBytes, () => Peak(network.Sound.Network), "1L"),
            Constant(NetworkMembers.MultiplyAdds, () => Literals.Int(NetworkFigures.MultiplyAdds(network.Sound.Network)) + "L", "1L"),
            Constant(NetworkMembers.Summary, () => SummaryText(network.Sound.Network), "\"\""),
            .. Ports(network).Select(port => network.Own(port.Member.Shape).Does(() => Shape(port.Port.Shape))),
        ];
    }

    /// <summary>Inputs and outputs with the members that tell of their samples.</summary>
    private static IEnumerable<(SurfacePort Port, (SurfaceMember Size, SurfaceMember Shape) Member)> Ports(NetworkFacts network)
        => network.Inputs.Select(port => (port, port.IsOnly ? (NetworkMembers.InputSize, NetworkMembers.InputShape) : Named(port)))
            .Concat(network.Outputs.Select(port =>
                (port, port.IsOnly ? (NetworkMembers.OutputSize, NetworkMembers.OutputShape) : Named(port))));

    private static (SurfaceMember Size, SurfaceMember Shape) Named(SurfacePort port)
        => NetworkMembers.OfPort(port.Size, port.ShapeName, port.Port.Name);

    private static string Peak(InferredNetwork network) => Literals.Int(NetworkPlan.ActivationPeak(network).Bytes) + "L";

    private static Body Shape(TensorShape shape)
        => Body.Of($"new int[] {{ {string.Join(", ", shape.Dimensions.Select(extent => Literals.Int(extent)))} }}");

    private static string SummaryText(InferredNetwork network)
        => string.Join(" +\n", Summary.Text(network).TrimEnd('\n').Split('\n').Select(row => Literals.String(row).TrimEnd('"') + "\\n\""));

    private static string Product(EquatableArray<int> dimensions)
    {
        long product = 1;
        foreach (int dimension in dimensions)
            product = Math.Min(int.MaxValue, product * dimension);
        return Literals.Int(product);
    }

    private static IEnumerable<SurfaceItem> Parameters(NetworkFacts network)
    {
        bool isDeclared = network.Spec.Initializers.Count > 0;
        if (isDeclared)
            yield return network.Own(NetworkMembers.DeclaredInitialization).Does(() => Body.Of(PrivateState.DeclaredInitialization));
        string initialization = isDeclared ? NetworkMembers.DeclaredInitialization.Name : RuntimeTypes.Initialization + ".PyTorchDefault";
        string kind = isDeclared ? "the declared initialisation" : "PyTorch's default initialisation: uniform in ±1 / √fan_in";
        string seed = Doc.Param("seed", "The same seed gives the same parameters on every machine.");
        yield return Constructor(network.Spec.Name, new SurfaceParameter("ulong", "seed", "0"))
            .Says(Doc.Summary($"A network with {kind}."), seed).Does(() => Body.Block()) with
        {
            Calls = (() => $" : this(seed, {initialization})", ""),
        };
        yield return Constructor(network.Spec.Name,
            new SurfaceParameter("ulong", "seed"), new SurfaceParameter(RuntimeTypes.Initialization, "initialization")).Says(
            Doc.Summary("A network with the given initialisation."), seed,
            Doc.Param("initialization", "What the parameters are drawn from.")).Does(() => Create(network));
        foreach (LayerTensors layer in network.Layers)
        {
            string summary = $"The network of {XmlText.Escape(layer.Title)}, whose parameters are among this one's.";
            yield return network.Own(layer.Part is { } part
                ? Auto(part.Type, layer.Property).Says(Doc.Summary(summary)) with { Access = part.Access }
                : ParameterSurface.Properties([layer], "Parameters").Single());
        }
        yield return network.Own(NetworkMembers.Parameters).Does(() => Body.Of(PrivateState.List));
    }

    private static Body Create(NetworkFacts network) => Body.Block(
    [
        "global::System.ArgumentNullException.ThrowIfNull(initialization);",
        $"{RuntimeTypes.AlignedBuffer} parameters = {RuntimeTypes.PartMemory}.For(initialization, {PrivateState.PackedLength});",
        .. network.Layers.SelectMany(layer => layer.Part is { } part ? [$"{layer.Property} = {part.Creation("parameters")};"]
            : ParameterSurface.Assignments([layer], "parameters", areGradients: "false")),
        $"{PrivateNames.Field} = new {PrivateNames.Type}(parameters, {LayerTensors.List([], network.Layers.Select(Listed))});",
        $"initialization.Apply({PrivateState.List}, seed);",
    ]);

    /// <summary>A layer in the list of all parameters: those of a part have names there which they have not in the part itself.</summary>
    private static LayerTensors Listed(LayerTensors layer)
        => layer.Part is null ? layer : layer with { Property = layer.Creation("parameters", areGradients: "false") };

    private static IEnumerable<SurfaceItem> Files(NetworkFacts network) =>
    [
        network.Own(NetworkMembers.Save).Does(() => Body.Of($"global::NetGen.SafeTensors.Save(path, {PrivateState.List})")),
        (network.Own(NetworkMembers.Load) with { Type = network.Self }).Does(() => Body.Block(
            $"{network.Self} network = new {network.Self}(0UL, global::NetGen.CompilerServices.Undrawn.Initialization);",
            "network.LoadParameters(path);",
            "return network;")),
        network.Own(NetworkMembers.LoadParameters).Does(() => Body.Of($"global::NetGen.SafeTensors.Load(path, {PrivateState.List})")),
    ];

    /// <summary>What those know who know only that it is a network.</summary>
    private static IEnumerable<SurfaceItem> Interface(NetworkFacts network) =>
    [
        network.Own(NetworkMembers.Graph).Does(() => Graph(network)),
        Explicit(RuntimeTypes.NetworkPorts, RuntimeTypes.INetwork, "Ports", PrivateState.Ports),
        Explicit("global::NetGen.NetworkGraph", RuntimeTypes.INetwork, "Graph", "Graph"),
        Creation(NetworkMembers.CreateSession, RuntimeTypes.ISession),
        network.Spec.IsInferenceOnly ? NoTrainer(network) : Creation(NetworkMembers.CreateTrainer, RuntimeTypes.ITrainer),
    ];

    private static SurfaceMember NoTrainer(NetworkFacts network)
    {
        string message = Literals.String($"'{network.Spec.Name}' is declared [InferenceOnly]: nothing of training was generated for it.");
        return Creation(NetworkMembers.CreateTrainer, RuntimeTypes.ITrainer)
            .Does(() => Body.Of($"throw new global::System.NotSupportedException({message})"));
    }

    private static Body Graph(NetworkFacts network)
    {
        IEnumerable<string> lines =
            GraphText.Lines(network.Sound.Network).Select(line => Literals.String(line).Replace("\t", "\\t").TrimEnd('"'));
        return Body.Of($"global::NetGen.NetworkGraph.Parse(\n{string.Join("\\n\" +\n", lines)}\")");
    }

    private static SurfaceMember Creation(SurfaceMember member, string type) => new SurfaceMember(MemberKind.Method, type, member.Name)
    {
        Interface = RuntimeTypes.INetwork,
        Parameters = [.. member.Parameters.Select(parameter => parameter with { Default = null })],
    }.Does(() => Body.Of($"{member.Name}({string.Join(", ", member.Parameters.Select(parameter => parameter.Name))})"));
}
