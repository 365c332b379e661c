using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Diagnostics;

/// <summary>
/// Every diagnostic of the generator. Ids are never reused: NG1xxx shapes and values, NG2xxx declarations, NG3xxx warnings,
/// NG9xxx the generator itself. Each has a page docs/diagnostics/NGxxxx.md and a line in AnalyzerReleases.*.md.
/// </summary>
internal static partial class DiagnosticDescriptors
{
    private const string Shapes = "NetGen.Shapes";
    private const string Declaration = "NetGen.Declaration";
    private const string Usage = "NetGen.Usage";
    private const string Internal = "NetGen.Internal";

    // --- Shapes and values -------------------------------------------------------------------------------------------

    public static readonly DiagnosticDescriptor FeatureMismatch = Error("NG1001", Shapes,
        "Features do not match what precedes",
        "{0} expects {1}, but {2} gives {3}");

    public static readonly DiagnosticDescriptor ChannelMismatch = Error("NG1002", Shapes,
        "Channels do not match what precedes",
        "{0} expects {1}, but {2} gives {3}: {4}");

    public static readonly DiagnosticDescriptor WindowTooLarge = Error("NG1003", Shapes,
        "Window larger than its padded input",
        "{0}'s window of {1} does not fit into its padded input of {2}, {3} ({4} gives {5}): {6}");

    public static readonly DiagnosticDescriptor WrongRank = Error("NG1004", Shapes,
        "Wrong number of dimensions",
        "{0} expects {1}, but {2} gives {3}; {4}");

    public static readonly DiagnosticDescriptor SizeBelowOne = Error("NG1005", Shapes,
        "Size below 1",
        "{0}'s {1} must be at least 1, but is {2}");

    public static readonly DiagnosticDescriptor PoolingPaddingTooLarge = Error("NG1006", Shapes,
        "Pooling padding above half the window",
        "{0}'s padding of {1} exceeds half its window: floor({2} / 2) = {3} is the most for {4}");

    public static readonly DiagnosticDescriptor ResidualShapeMismatch = Error("NG1007", Shapes,
        "Residual block changes the shape",
        "{0} adds its input to the output of {1}, so both must have the same shape, but {2} gives {3} and {1} turns it into {4}; where "
            + "that is meant, give it a second block that makes the same shape of the input, Residual<{1}, TShortcut>");

    public static readonly DiagnosticDescriptor NegativePadding = Error("NG1008", Shapes,
        "Negative padding",
        "{0}'s padding must not be negative, but is {1}");

    public static readonly DiagnosticDescriptor ProbabilityOutOfRange = Error("NG1009", Shapes,
        "Probability outside 0 to 1",
        "{0}'s probability p must lie between 0 and 1, but is {1}{2}");

    public static readonly DiagnosticDescriptor UnsupportedInputRank = Error("NG1010", Shapes,
        "Unsupported number of input dimensions",
        "{1} expects 1 dimension (features), 2 (channels, length) or 3 (channels, height, width), but {0} given{2}");

    public static readonly DiagnosticDescriptor TooLarge = Error("NG1011", Shapes,
        "Size above the limit",
        "{0}: {1} = {2}, more than the limit of {3}");

    public static readonly DiagnosticDescriptor LossShape = Error("NG1012", Shapes,
        "Loss does not fit the network's output",
        "{0} expects {1}, but {2} gives {3}; {4}");

    public static readonly DiagnosticDescriptor WrongArgumentForm = Error("NG1013", Shapes,
        "Argument of the wrong form",
        "{0}'s {1} takes {2}, but {3} was given");

    public static readonly DiagnosticDescriptor BudgetExceeded = Error("NG1030", Shapes,
        "Budget exceeded",
        "'{0}' takes {1} ({2}), {3} more than {4} = {5}");

    public static readonly DiagnosticDescriptor NegativeBudget = Error("NG1031", Shapes,
        "Negative budget",
        "Budget's {0} must not be negative, but is {1}");

    public static readonly DiagnosticDescriptor BudgetWithoutNetwork = Error("NG1032", Declaration,
        "Budget on a class that is not a network",
        "The budget of '{0}' would hold nothing to its limits: put it on a class marked [Network]");

    public static readonly DiagnosticDescriptor NormGroupsDoNotDivide = Error("NG1070", Shapes,
        "Groups do not divide the channels",
        "{0}'s {1} do not divide the {2} that {3} gives: {4}");

    public static readonly DiagnosticDescriptor NormalizedShapeMismatch = Error("NG1071", Shapes,
        "Normalised shape is not that of the trailing dimensions",
        "{0} normalises over {1}, but {2} gives {3}, {4}");

    public static readonly DiagnosticDescriptor PReLUParameters = Error("NG1072", Shapes,
        "Number of PReLU's parameters",
        "{0} takes 1 parameter or one for each of the {1} that {2} gives, but {3} is written");

    public static readonly DiagnosticDescriptor OneValueToNormalise = Error("NG1073", Shapes,
        "One value of each channel to normalise",
        "{0} normalises the values of each channel, but {1} gives {2}, which has one: the result would always be 0");

    public static readonly DiagnosticDescriptor ConstantOutOfRange = Error("NG1074", Shapes,
        "Constant of a layer out of range",
        "{0}'s {1} must be {2}, but is {3}");
    public static readonly DiagnosticDescriptor DivisorZero = Error("NG1060", Shapes,
        "Division by zero",
        "{0}'s DivisorOverride divides the sum over each window and must not be 0; leave it out to divide by the number of elements");

    public static readonly DiagnosticDescriptor WindowInPadding = Error("NG1061", Shapes,
        "Dilated window misses the input",
        "{0}'s first window has no element of its input: its first {1} are {2}, and the input has {3} ({4})");

    public static readonly DiagnosticDescriptor UpsampleSizeOrFactor = Error("NG1064", Shapes,
        "Upsample needs a size or a factor",
        "{0} needs either Size or ScaleFactor, but {1} given");

    public static readonly DiagnosticDescriptor UpsampleFactor = Error("NG1065", Shapes,
        "Factor is not positive",
        "{0}'s ScaleFactor must be a positive number, but is {1}");

    public static readonly DiagnosticDescriptor UpsampleExtent = Error("NG1066", Shapes,
        "Factor leaves nothing, or too much",
        "{0}'s output {1} must lie between 1 and 2147483647, but is {2} ({3} gives {4})");

    public static readonly DiagnosticDescriptor AlignCornersOfNearest = Error("NG1067", Shapes,
        "AlignCorners without interpolation",
        "{0}'s AlignCorners says where linear and bilinear interpolation measure from; with Mode = \"nearest\" it has no meaning: leave it "
            + "out");

    public static readonly DiagnosticDescriptor DimensionOutOfRange = Error("NG1068", Shapes,
        "Dimension out of range",
        "{0}'s {1} of {2} {3} ({4} gives {5})");

    public static readonly DiagnosticDescriptor SizesDoNotFit = Error("NG1069", Shapes,
        "Sizes do not fit the dimension",
        "{0}'s {1} {2} {3}");

    public static readonly DiagnosticDescriptor InstanceStatisticsNotTracked = Error("NG1075", Shapes,
        "Running statistics of InstanceNorm",
        "{0} normalises by the statistics of each sample, in evaluation too: running statistics are not supported");

    public static readonly DiagnosticDescriptor SecondInputMissing = Error("NG1076", Shapes,
        "Layer of two inputs without its second",
        "{0} takes the output of the layer before it and that of an earlier layer, which From names, but {1}");

    public static readonly DiagnosticDescriptor ShortcutShapeMismatch = Error("NG1080", Shapes,
        "Shortcut and block give different shapes",
        "{0} adds the outputs of {1} and {2}, so both must have the same shape, but of {3} the first makes {4} and the second {5}");

    // NG1081 to NG1089: values read by name, and joins.

    public static readonly DiagnosticDescriptor UnknownValue = Error("NG1081", Shapes,
        "No value of that name",
        "{0} reads an earlier value by its name, but {1}");

    public static readonly DiagnosticDescriptor OperandsDoNotBroadcast = Error("NG1082", Shapes,
        "Operands of different shapes",
        "{0} needs operands that broadcast, but {1} and {2}: {3}");

    public static readonly DiagnosticDescriptor ConcatMismatch = Error("NG1083", Shapes,
        "Values that do not lie one behind the other",
        "{0} puts values one behind the other along dimension {1}, so all others must be equal, but {2} and {3}: {4}");

    public static readonly DiagnosticDescriptor OperandCount = Error("NG1084", Shapes,
        "Wrong number of operands",
        "{0} takes {1}, but {2}");

    public static readonly DiagnosticDescriptor CannotShare = Error("NG1085", Shapes,
        "Parameters that cannot be shared",
        "{0} cannot use the parameters of '{1}': {2}");

    public static readonly DiagnosticDescriptor LossOutput = Error("NG1086", Shapes,
        "A loss of no output",
        "{0}, but {1}");

    public static readonly DiagnosticDescriptor LossOutputs = Error("NG1088", Shapes,
        "A loss of outputs that do not fit each other",
        "{0} compares vectors of one length, but {1}");

    public static readonly DiagnosticDescriptor NothingToFreeze = Error("NG2050", Declaration,
        "Nothing to freeze",
        "{0} has no parameters and no statistics that Frozen could keep as they are: write Frozen at the layer or block that has some");

    public static readonly DiagnosticDescriptor UnreachableType = Error("NG2051", Declaration,
        "Type that generated code cannot name",
        "{0} calls '{1}' from generated code, which cannot name it: {2}; make it internal or public");

    public static readonly DiagnosticDescriptor MatricesDoNotMultiply = Error("NG1089", Shapes,
        "Values that are no matrices to multiply",
        "{0} multiplies two matrices, but {1} and {2}: {3}");

    // NG1090 to NG1099: movements and reductions.

    public static readonly DiagnosticDescriptor DimensionList = Error("NG1090", Shapes,
        "List of dimensions that does not fit",
        "{0}'s {1} {2} {3} ({4} gives {5})");

    public static readonly DiagnosticDescriptor ElementsOutOfRange = Error("NG1091", Shapes,
        "Elements outside of the dimension",
        "{0}'s {1} {2} ({3} gives {4})");

    public static readonly DiagnosticDescriptor ShuffleDoesNotDivide = Error("NG1092", Shapes,
        "Factor of a shuffle that does not divide",
        "{0} needs {1}, but {2} gives {3} ({4})");

    public static readonly DiagnosticDescriptor NotOneElement = Error("NG1093", Shapes,
        "Squeeze of a dimension that stays",
        "{0} leaves out dimension {1}, which must have one element, {2} ({3} gives {4})");

    public static readonly DiagnosticDescriptor TooManyDimensions = Error("NG1094", Shapes,
        "Too many dimensions",
        "{0} adds a dimension, but {1} gives {2}, and a sample has at most 3 dimensions (channels, height, width)");

    public static readonly DiagnosticDescriptor VarianceOfOne = Error("NG1095", Shapes,
        "Variance of one element",
        "{0} divides by the number of elements less 1, but along dim {1} there is only one ({2} gives {3}): 1 − 1 = 0; write "
            + "Unbiased = false, or take another dimension");

    public static readonly DiagnosticDescriptor LossFactorCount = Error("NG1020", Shapes,
        "Weights of a loss do not match the output",
        "{0}'s {1} has {2}, but needs {3}: {4}");

    public static readonly DiagnosticDescriptor LossArgumentRange = Error("NG1021", Shapes,
        "Argument of a loss out of range",
        "{0}'s {1} must {2}, but is {3}");

    // --- Declarations ------------------------------------------------------------------------------------------------

    public static readonly DiagnosticDescriptor SamePaddingWithStride = Error("NG1040", Shapes,
        "Padding \"same\" with a stride",
        "{0}'s padding \"same\" needs stride 1, as in PyTorch, but the stride is {1}: give the padding in numbers");

    public static readonly DiagnosticDescriptor ReflectionTooLarge = Error("NG1041", Shapes,
        "Reflecting padding not smaller than the input",
        "{0}'s reflecting padding of {1} must be smaller than its input of {2} ({3} gives {4}): the border itself is not repeated, so that "
            + "there are {2} − 1 = {5} to mirror");

    public static readonly DiagnosticDescriptor CircularPaddingTooLarge = Error("NG1042", Shapes,
        "Circular padding larger than the input",
        "{0}'s circular padding of {1} must not be larger than its input of {2} ({3} gives {4}), since it would go round more than once");

    public static readonly DiagnosticDescriptor GroupsDoNotDivide = Error("NG1043", Shapes,
        "Groups do not divide the channels",
        "{0} cannot divide its {2} among {1}: {3}");

    public static readonly DiagnosticDescriptor OutputPaddingTooLarge = Error("NG1044", Shapes,
        "Output padding not smaller than stride or dilation",
        "{0}'s output padding of {1} {2} must be smaller than its stride of {3} or its dilation of {4}: it chooses among the input sizes "
            + "that a convolution brings to one output size, of which there are no more");

    public static readonly DiagnosticDescriptor EmptyOutput = Error("NG1045", Shapes,
        "Padding leaves no output",
        "{0}'s padding leaves no {1} of its output ({2} gives {3}): {4}");

    public static readonly DiagnosticDescriptor NotPartial = Error("NG2001", Declaration,
        "Network class is not partial",
        "'{0}' must be declared partial, so that NetGen can add the generated members to it");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = Error("NG2002", Declaration,
        "Network class is nested in a type that is not partial",
        "'{0}' must be declared partial, because the network '{1}' is nested in it");

    public static readonly DiagnosticDescriptor Generic = Error("NG2003", Declaration,
        "Network class is generic",
        "'{0}' must not be generic: a network's code is written for one set of sizes, and type parameters have no meaning in it");

    public static readonly DiagnosticDescriptor NoLayers = Error("NG2004", Declaration,
        "No layers",
        "{0} '{1}' has no layers: write them as attributes on the class, in order, e.g. [Flatten, Linear(10)]");

    public static readonly DiagnosticDescriptor LayersSpread = Error("NG2005", Declaration,
        "Layers spread over several declarations",
        "The layers of '{0}' stand on more than one partial declaration, which leaves their order undefined: move them all to one");

    public static readonly DiagnosticDescriptor RecursiveBlock = Error("NG2006", Declaration,
        "Block contains itself",
        "Block '{0}' contains itself: {1}");

    public static readonly DiagnosticDescriptor LossNotLast = Error("NG2007", Declaration,
        "Loss before the last layer",
        "{0} must stand after the last layer, but {1} follows it");

    public static readonly DiagnosticDescriptor SeveralLosses = Error("NG2008", Declaration,
        "More than one loss",
        "A network of one output has one loss, but {0} follows {1}: remove one, or declare an Output for each to name with Of");

    public static readonly DiagnosticDescriptor LossInBlock = Error("NG2009", Declaration,
        "Loss in a block",
        "Block '{0}' has a loss, {1}: only the network itself can have one");

    public static readonly DiagnosticDescriptor NotABlock = Error("NG2010", Declaration,
        "Type is not a block",
        "{0} needs a class marked [Block], but '{1}' is not");

    public static readonly DiagnosticDescriptor BlockInOtherAssembly = Error("NG2011", Declaration,
        "Block from another assembly",
        "Block '{0}' comes from the assembly '{1}', where the order of its attributes is not kept: declare it in this project");

    public static readonly DiagnosticDescriptor InvalidLayerName = Error("NG2012", Declaration,
        "Layer name is not an identifier",
        "The layer name \"{0}\" cannot become a property: use letters, digits and underscores, starting with a letter");

    public static readonly DiagnosticDescriptor DuplicateLayerName = Error("NG2013", Declaration,
        "Layer name used twice",
        "The layer name \"{0}\" gives {1}, which belongs to {2} already");

    public static readonly DiagnosticDescriptor ReservedName = Error("NG2014", Declaration,
        "Name collides with a generated member",
        "{0} collides with the member '{1}' that NetGen generates: choose another name");

    public static readonly DiagnosticDescriptor MemberCollision = Error("NG2015", Declaration,
        "Member collides with a generated member",
        "'{0}' declares a member '{1}', which NetGen generates: rename it or remove it");

    public static readonly DiagnosticDescriptor UnsupportedClass = Error("NG2016", Declaration,
        "Kind of class that cannot be a network",
        "'{0}' cannot be a network because {1}");

    public static readonly DiagnosticDescriptor UnknownLayer = Error("NG2017", Declaration,
        "Layer unknown to the generator",
        "'{0}' is not a layer or loss that this version of NetGen can compile");

    public static readonly DiagnosticDescriptor UnsafeNotAllowed = Error("NG2018", Declaration,
        "Unsafe code is not allowed",
        "The code generated for '{0}' uses pointers: add <AllowUnsafeBlocks>true</AllowUnsafeBlocks> to a PropertyGroup "
            + "of the project file");

    public static readonly DiagnosticDescriptor LanguageVersionTooOld = Error("NG2019", Declaration,
        "C# version too old",
        "The code generated for '{0}' needs C# {1} or later, but the project compiles as C# {2}: set <LangVersion>{1}</LangVersion> or "
            + "target a newer framework");

    public static readonly DiagnosticDescriptor ArgumentGivenTwice = Error("NG2020", Declaration,
        "Argument given twice",
        "{0}'s {1} is given twice: keep the argument of the constructor or {2} = …, not both");

    public static readonly DiagnosticDescriptor NetworkAndBlock = Error("NG2021", Declaration,
        "Class is both network and block",
        "'{0}' is marked [Network] and [Block]: move the layers to share into a block of their own");

    public static readonly DiagnosticDescriptor ConstructorSkipsParameters = Error("NG2022", Declaration,
        "Constructor does not call the generated one",
        "A constructor of '{0}' must end in the generated one, which allocates and initialises the parameters: write ': this(seed)' after "
            + "its parameter list");

    public static readonly DiagnosticDescriptor TooManyLayers = Error("NG2023", Declaration,
        "Too many layers",
        "'{0}' has more than {1}: blocks in blocks multiply");

    public static readonly DiagnosticDescriptor TooManyConstants = Error("NG2024", Declaration,
        "More values than the block has constants",
        "{0} gives {1}, but the block '{2}' has {3}");

    public static readonly DiagnosticDescriptor NotComputable = Error("NG2025", Declaration,
        "Argument that cannot be computed from a block's constants",
        "{0}'s {1} depends on constants of the block '{2}' that were given other values, but is not made of constants, operators, "
            + "a ? b : c and casts alone; or it divides by zero or overflows");

    public static readonly DiagnosticDescriptor HiddenName = Error("NG2026", Declaration,
        "Name hidden by a generated member",
        "'{0}' is {1} here, but the member '{0}' that NetGen generates in '{2}' hides it, in the attributes of the class as well: {3}");

    public static readonly DiagnosticDescriptor PortInBlock = Error("NG2027", Declaration,
        "Input or output of a block",
        "Block '{0}' has an attribute {1}: only the network itself has inputs and outputs; in a block \"input\" names what it is given");

    public static readonly DiagnosticDescriptor InitializerPath = Error("NG2030", Declaration,
        "Initialize takes no parameter",
        "{0}: {1}");

    public static readonly DiagnosticDescriptor InitializerOption = Error("NG2031", Declaration,
        "Option of another initialisation",
        "Init.{0} has no {1}: it {2}");

    public static readonly DiagnosticDescriptor InitializerValue = Error("NG2032", Declaration,
        "Number of an initialisation out of range",
        "{0}'s {1} must be {2}, but is {3}");

    public static readonly DiagnosticDescriptor InitializedTwice = Error("NG2033", Declaration,
        "Initialised twice",
        "{0} has an Initialize already: of two with the same path neither is the more specific");

    public static readonly DiagnosticDescriptor InitializerNeedsMatrix = Error("NG2034", Declaration,
        "Initialisation needs two dimensions",
        "Init.{0} needs a weight of at least two dimensions, but {1} has {2}: take Uniform, Normal, TruncatedNormal or Constant");

    public static readonly DiagnosticDescriptor WrongConstantType = Error("NG2040", Declaration,
        "Value of another type than the block's constant",
        "The constant '{0}' of the block '{1}' is of type {2}, but {3} gives {4}");

    public static readonly DiagnosticDescriptor NameNeeded = Error("NG2041", Declaration,
        "Layer without a name",
        "{0} needs a name: only layers that use blocks can do without, whose layers then stand beside the others");

    public static readonly DiagnosticDescriptor InitializerWithoutScope = Error("NG2042", Declaration,
        "Initialisation of a block without a name",
        "The block '{0}' is used without a name here, so that there is no name for all of its layers: write those of the layers "
            + "behind Init.{1}");

    public static readonly DiagnosticDescriptor HiddenValue = Error("NG2043", Declaration,
        "Name that means a nearer layer",
        "{0} reads '{1}', which is called '{2}' where the block around is used without a name; a nearer layer is called that, too: "
            + "give '{1}' a Name");

    // --- Warnings ----------------------------------------------------------------------------------------------------

    public static readonly DiagnosticDescriptor WindowDropsInput = Warning("NG3001", Usage,
        "Window drops trailing rows or columns",
        "{0} never reads the last {1} of its input ({2} gives {3}): {4}, and the windows reach {5}");

    public static readonly DiagnosticDescriptor NormalisedBeforeCrossEntropy = Warning("NG3002", Usage,
        "Softmax or Sigmoid in front of CrossEntropyLoss",
        "CrossEntropyLoss applies log-softmax itself and expects raw scores: remove {0}, which squashes them first and "
            + "slows learning down");

    public static readonly DiagnosticDescriptor ConsecutiveLinear = Warning("NG3003", Usage,
        "Two Linear with no nonlinearity between",
        "{0} follows another Linear with no nonlinearity between, so that the two compute no more than one Linear({1}, {2}) would");

    public static readonly DiagnosticDescriptor LayersWithoutNetwork = Warning("NG3004", Usage,
        "Layers on a class that is neither network nor block",
        "The layers of '{0}' have no effect: mark the class [Network(…)] with the shape of its input, or [Block]");

    public static readonly DiagnosticDescriptor BiasBeforeNormalisation = Warning("NG3010", Usage,
        "Bias in front of a normalisation",
        "The bias of {0} has no effect: {1} behind it subtracts each channel's mean, and the bias with it; write Bias = false");

    public static readonly DiagnosticDescriptor DeepSaturation = Warning("NG3011", Usage,
        "Many saturating activations without normalisation",
        "{0} is the last of {1} saturating activations ({2}) with no normalisation between, whose small derivatives multiply: the first "
            + "layers will hardly learn");

    public static readonly DiagnosticDescriptor DropoutBeforeBatchNorm = Warning("NG3012", Usage,
        "Dropout in front of BatchNorm",
        "{0} in front of {1} raises the variance up to {2} times, in training only, and {1} scales by it in evaluation as well: put it "
            + "behind {1}");

    public static readonly DiagnosticDescriptor WindowSkipsInput = Warning("NG3013", Usage,
        "Windows with gaps between them",
        "{0} never reads {1} of every {2} {3} of its input: {4}");

    public static readonly DiagnosticDescriptor SigmoidBeforeLogits = Warning("NG3020", Usage,
        "Sigmoid or Softmax in front of BCEWithLogitsLoss",
        "BCEWithLogitsLoss applies the sigmoid itself and expects raw scores: remove {0}, which squashes them first and slows learning "
            + "down, or take BCELoss");

    public static readonly DiagnosticDescriptor NoProbabilities = Warning("NG3021", Usage,
        "BCELoss without Sigmoid",
        "BCELoss expects probabilities and throws for outputs outside 0 to 1, but {0} gives any number: put Sigmoid in "
            + "front of it, or take BCEWithLogitsLoss");

    public static readonly DiagnosticDescriptor NoLogProbabilities = Warning("NG3022", Usage,
        "NLLLoss or KLDivLoss without LogSoftmax",
        "{0} expects log-probabilities, but {1} gives none: {2}");

    public static readonly DiagnosticDescriptor UnreadValue = Warning("NG3030", Usage,
        "A value that nobody reads",
        "Nothing reads what {0} gives: {1} behind it goes on from another value");

    public static readonly DiagnosticDescriptor NotInlined = Warning("NG3040", Usage,
        "Element function that may be called for every vector",
        "'{0}' is not marked [MethodImpl(MethodImplOptions.AggressiveInlining)]: unless it is short it is called for every vector");

    public static readonly DiagnosticDescriptor UnpoolWithoutPool = Error("NG1062", Shapes,
        "MaxUnpool2d without a pool's indices",
        "{0} puts its values where the maxima of a MaxPool2d came from, but {1}");

    public static readonly DiagnosticDescriptor UnpoolMismatch = Error("NG1063", Shapes,
        "MaxUnpool2d does not fit its pool",
        "{0} is the inverse of MaxPool2d '{1}' and {2}");

    // --- The generator itself ----------------------------------------------------------------------------------------

    public static readonly DiagnosticDescriptor InternalError = Error("NG9999", Internal,
        "Internal error of NetGen",
        "NetGen failed on '{0}', which is a mistake in NetGen: please report it with the declaration of the network and this text: {1}");

    /// <summary>Errors cannot be configured away: without them the network's members would throw at run time.</summary>
    private static DiagnosticDescriptor Error(string id, string category, string title, string message)
        => new(id, title, message, category, DiagnosticSeverity.Error, isEnabledByDefault: true,
            helpLinkUri: DiagnosticDocumentation.LinkFor(id), customTags: WellKnownDiagnosticTags.NotConfigurable);

    private static DiagnosticDescriptor Warning(string id, string category, string title, string message)
        => new(id, title, message, category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
            helpLinkUri: DiagnosticDocumentation.LinkFor(id));
}
