using NetGen.Generator.Emit;
using NetGen.Generator.Ir;
using static NetGen.Generator.Surface.Doc;
using static NetGen.Generator.Surface.SurfaceMember;

namespace NetGen.Generator.Surface;

/// <summary>The members that every network has, whatever its layers: what callers see of them, without what they do.</summary>
internal static class NetworkMembers
{
    private static readonly SurfaceParameter s_path = new("string", "path");

    private static readonly string s_batchRange = Throws("System.ArgumentOutOfRangeException",
        "The batch is below 1, or the number of threads negative.");

    private static readonly string s_noWidth = Throws("System.PlatformNotSupportedException",
        "The processor lacks the vector width asked for.");

    private static readonly string s_badFile = Throws("NetGen.SafeTensorsException",
        "The file is damaged, or its entries are not this network's; the message names the entry.");

    public static readonly SurfaceMember InputSize = Constant("int", "InputSize").Says(Doc.Summary("Values of one input sample."));

    public static readonly SurfaceMember OutputSize = Constant("int", "OutputSize").Says(Doc.Summary("Values of one output sample."));

    public static readonly SurfaceMember ParameterCount = Constant("int", "ParameterCount").Says(Doc.Summary("Learnable scalars."));

    public static readonly SurfaceMember ActivationBytes = Constant("long", "ActivationBytes").Says(Doc.Summary(
        "Bytes that the values between the layers take at most at one time, for the output of one sample: "
        + "see BudgetAttribute.MaxActivationBytes."));

    public static readonly SurfaceMember MultiplyAdds = Constant("long", "MultiplyAdds").Says(Doc.Summary(
        "Multiply-adds of the forward pass for one sample, counted by the definition of the layers."));

    public static readonly SurfaceMember Summary = Constant("string", "Summary").Says(Doc.Summary(
        "A table of the layers with output shape, parameters and multiply-adds."));

    public static readonly SurfaceMember InputShape = Static(Property(RuntimeTypes.ReadOnlySpan("int"), "InputShape")).Says(Doc.Summary(
        "Dimensions of one input sample."));

    public static readonly SurfaceMember OutputShape = Static(Property(RuntimeTypes.ReadOnlySpan("int"), "OutputShape")).Says(Doc.Summary(
        "Dimensions of one output sample."));

    /// <summary>The members that tell of one of several inputs or outputs.</summary>
    public static (SurfaceMember Size, SurfaceMember Shape) OfPort(string size, string shape, string name) => (
        Constant("int", size).Says(Doc.Summary($"Values of one sample of '{name}'.")),
        Static(Property(RuntimeTypes.ReadOnlySpan("int"), shape)).Says(Doc.Summary($"Dimensions of one sample of '{name}'.")));

    public static readonly SurfaceMember DeclaredInitialization = Static(Property(RuntimeTypes.Initialization, "DeclaredInitialization"))
        .Says(Doc.Summary("The initialisation that the [Initialize] attributes declare; of several paths above a parameter the "
            + "longest decides."));

    public static readonly SurfaceMember Parameters = Property(RuntimeTypes.ParameterList, "Parameters").Says(Doc.Summary(
        "All parameters, in the order of the declaration.")) with
    {
        Overrides = ["System.Collections.Generic.IReadOnlyList<NetGen.Parameter>"],
    };

    public static readonly SurfaceMember Save = Method("void", "Save", s_path).Says(
        Doc.Summary("Writes all parameters to a safetensors file: to a temporary file first, which then takes the name."),
        Throws("System.IO.IOException", "The file cannot be written; an older file of the name is as it was.")) with
    {
        Overrides = ["void"],
    };

    /// <summary>Its type is the network's.</summary>
    public static readonly SurfaceMember Load = Static(Method("", "Load", s_path)).Says(
        Doc.Summary("Reads a network's parameters from a safetensors file."), s_badFile);

    public static readonly SurfaceMember LoadParameters = Method("void", "LoadParameters", s_path).Says(
        Doc.Summary("Replaces all parameters by those of a safetensors file; on any error they are as they were."), s_badFile) with
    {
        Overrides = ["void"],
    };

    public static readonly SurfaceMember Graph = Static(Property("global::NetGen.NetworkGraph", "Graph")).Says(Doc.Summary(
        "The layers as a graph, as the network declares them: for TensorBoard and the like. Read anew at each call."));

    public static readonly SurfaceMember CreateSession = Method("Session", "CreateSession",
        new SurfaceParameter("int", "maxBatch", "1"), new SurfaceParameter(RuntimeTypes.SessionOptions + "?", "options", "null")).Says(
        Doc.Summary("Prepares inference with the parameters of this network, which are shared and only read."),
        Param("maxBatch", "The largest number of samples of one call."),
        Param("options", "Vector width and threads; by default the widest this processor runs well, and one thread."),
        s_batchRange, s_noWidth) with
    {
        Needs = "Session",
        Overrides = ["NetGen.ISession", "object"],
    };

    public static readonly SurfaceMember CreateTrainer = Method("Trainer", "CreateTrainer",
        new SurfaceParameter("int", "batchSize"), new SurfaceParameter(RuntimeTypes.Optimizer, "optimizer"),
        new SurfaceParameter(RuntimeTypes.TrainerOptions + "?", "options", "null")).Says(
        Doc.Summary("Prepares training of this network's parameters."),
        Param("batchSize", "The largest number of samples of one step."),
        Param("optimizer", "What turns gradients into steps."),
        Param("options", "Vector width, threads, the seed of dropout, and how gradients are clipped."),
        Throws("System.ArgumentException",
            "A parameter group of the optimiser takes no parameter of this network, or one that another group takes too."),
        s_batchRange, s_noWidth) with
    {
        Needs = "Trainer",
        Overrides = ["NetGen.ITrainer", "object"],
    };

    public static readonly SurfaceMember CreateStream = Method("Stream", "CreateStream",
        new SurfaceParameter(RuntimeTypes.SessionOptions + "?", "options", "null")).Says(
        Doc.Summary("A stream, which takes one position of a sequence after another, before its first step. The parameters of this network "
            + "are shared and only read."),
        Param("options", "Vector width; by default the widest this processor runs well. A stream computes on the caller's thread."),
        s_noWidth) with
    {
        Needs = "Stream",
    };

    /// <summary>The nested types that every network has.</summary>
    public const string Session = "Session", Trainer = "Trainer", Gradients = "Gradients";

    /// <summary>The nested type of a network that has a stream.</summary>
    public const string Stream = "Stream";

    /// <summary>What the gradients of all layers are called, beside those of each.</summary>
    public const string AllGradients = "All";

    /// <summary>The members that are no types.</summary>
    public static IReadOnlyList<SurfaceMember> All { get; } =
    [
        InputSize, OutputSize, ParameterCount, ActivationBytes, MultiplyAdds, Summary, InputShape, OutputShape, DeclaredInitialization,
        Parameters, Save, Load, LoadParameters, Graph, CreateSession, CreateTrainer,
    ];

    /// <summary>The names of all members and nested types.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. All.Select(member => member.Name), Session, Trainer, Gradients, PrivateNames.Type, PrivateNames.Field];

    /// <summary>The names that a network with a stream has besides.</summary>
    public static IReadOnlyList<string> OfStream { get; } = [CreateStream.Name, Stream];

    /// <summary>Endings of the types that hold the parameters of one layer or block.</summary>
    public static IReadOnlyList<string> TypeSuffixes { get; } = ["Parameters", "Gradients"];

    /// <summary>The type that holds the parameters of a layer.</summary>
    /// <param name="path">The properties from the network on, one behind the other.</param>
    public static string ParametersOf(string path) => path + "Parameters";

    private static SurfaceMember Static(SurfaceMember member) => member with { IsStatic = true };
}
