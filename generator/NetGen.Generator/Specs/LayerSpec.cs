using NetGen.Generator.Text;

namespace NetGen.Generator.Specs;

/// <summary>
/// One layer as the user declared it, free of symbols, syntax and locations, so that equal declarations compare equal.
/// Sizes that were left out are null and are inferred.
/// </summary>
/// <param name="Name">
/// The layer's name in parameter files, unique in its scope: the user's <c>Name</c>, or kind and running number
/// (<c>conv1</c>, <c>linear2</c>).
/// </param>
internal abstract record LayerSpec(string Name)
{
    // Null where it is the name in Pascal case, so that equal layers are equal whether or not they were told so.
    private readonly string? _propertyName;

    /// <summary>The property of the network or block: the name in Pascal case, e.g. <c>Conv1</c>, where nothing else was chosen.</summary>
    public string PropertyName
    {
        get => _propertyName ?? Identifiers.ToPascalCase(Name);
        init => _propertyName = value == Identifiers.ToPascalCase(Name) ? null : value;
    }

    /// <summary>
    /// The layers of its blocks stand beside the layer itself, without its name in front of theirs: that is one no user can give, and
    /// nobody can read its value by it.
    /// </summary>
    public bool IsNameless { get; init; }

    /// <summary>
    /// The blocks that the layer uses, in the order of its type arguments or repetitions; empty for layers that use none.
    /// </summary>
    public EquatableArray<ScopeSpec> Scopes { get; init; } = EquatableArray<ScopeSpec>.Empty;

    /// <summary>The layer whose tensors it uses instead of its own, as declared; null where it has its own.</summary>
    public string? Shares { get; init; }

    /// <summary>
    /// It, or a block around it, is declared to be a fixed function: training changes no tensor of it, and it computes what inference does.
    /// </summary>
    public bool IsFrozen { get; init; }

    /// <summary>
    /// The same within the network that declares the layer, whatever another does with that network as a part: its parameters lie as if
    /// there were no other.
    /// </summary>
    public bool IsFrozenHere { get; init; }

    /// <summary>The layers one step below this one in the tree of names.</summary>
    public IEnumerable<LayerSpec> Members => Scopes.SelectMany(scope => scope.Members);

    /// <summary>
    /// What the layer adds to the tree of names: itself, or, where it has no name, what its blocks add, unless these use another's tensors.
    /// </summary>
    public virtual IEnumerable<LayerSpec> Named => IsNameless && Shares is null ? Members.SelectMany(member => member.Named) : [this];
}

/// <summary>
/// PyTorch's <c>Conv2d</c>: cross-correlation, weight [out, in / groups, kH, kW]; and <c>Conv1d</c>, weight [out, in / groups, k], as one
/// of height 1.
/// </summary>
internal sealed record Conv2dSpec(string Name, int? InChannels, int OutChannels, Pair Kernel, Pair Stride, Pair Padding, bool Bias)
    : LayerSpec(Name)
{
    /// <summary>Input positions from one tap to the next.</summary>
    public Pair Dilation { get; init; } = Pair.Both(1);

    /// <summary>Parts of the channels, each of which sees only its own.</summary>
    public int Groups { get; init; } = 1;

    /// <summary><c>Conv1d</c>.</summary>
    public bool IsSequence { get; init; }

    /// <summary>PyTorch's <c>padding='same'</c>: the output is as large as the input, and <see cref="Padding"/> has no meaning.</summary>
    public bool IsSame { get; init; }

    /// <summary>All padding of <see cref="IsSame"/> is in front, so that no output depends on an input behind it.</summary>
    public bool IsCausal { get; init; }

    public PaddingMode PaddingMode { get; init; }

    /// <summary>What is added on each side; where the two sides cannot be equal, the right and the lower one has one more.</summary>
    public Pads Pads
    {
        get
        {
            if (!IsSame)
                return new Pads(Padding.Width, Padding.Width, Padding.Height, Padding.Height);
            if (IsCausal)
                return new Pads(Dilation.Width * (Kernel.Width - 1), 0, 0, 0);
            int rows = Dilation.Height * (Kernel.Height - 1), columns = Dilation.Width * (Kernel.Width - 1);
            return new Pads(columns / 2, columns - columns / 2, rows / 2, rows - rows / 2);
        }
    }
}

/// <summary>
/// PyTorch's <c>ConvTranspose2d</c>: a convolution's gradient of its input as a layer, weight [in, out / groups, kH, kW].
/// </summary>
internal sealed record ConvTranspose2dSpec(
    string Name, int? InChannels, int OutChannels, Pair Kernel, Pair Stride, Pair Padding, Pair OutputPadding, int Groups, bool Bias,
    Pair Dilation) : LayerSpec(Name);

/// <summary>A border around an image: <c>ZeroPad2d</c>, <c>ReflectionPad2d</c>, <c>ReplicationPad2d</c>.</summary>
internal sealed record Pad2dSpec(string Name, Pads Pads, PaddingMode Mode) : LayerSpec(Name);

/// <summary>PyTorch's <c>Linear</c>: y = x Wᵀ + b, weight [out, in].</summary>
internal sealed record LinearSpec(string Name, int? InFeatures, int OutFeatures, bool Bias) : LayerSpec(Name)
{
    /// <summary>What a layer around it multiplies the start of its weight by; 1 where none does.</summary>
    public float Gain { get; init; } = 1;
}

/// <summary>MaxPool over images, or over sequences, whose windows have one row.</summary>
internal sealed record MaxPool2dSpec(string Name, Pair Kernel, Pair Stride, Pair Padding, bool CeilMode) : LayerSpec(Name)
{
    /// <summary>1 over sequences, 2 over images.</summary>
    public int Dimensions { get; init; } = 2;

    /// <summary>Elements from one of the window to the next.</summary>
    public Pair Dilation { get; init; } = Pair.Both(1);

    /// <summary>A MaxUnpool2d may ask where the maxima came from.</summary>
    public bool ReturnIndices { get; init; }
}

/// <summary>AvgPool over images, or over sequences, whose windows have one row.</summary>
internal sealed record AvgPool2dSpec(string Name, Pair Kernel, Pair Stride, Pair Padding, bool CeilMode, bool CountIncludePad)
    : LayerSpec(Name)
{
    /// <summary>1 over sequences, 2 over images.</summary>
    public int Dimensions { get; init; } = 2;

    /// <summary>What the sum is divided by; null for the number of elements.</summary>
    public int? Divisor { get; init; }
}

/// <summary>Pooling to a given size: maximum or average over windows that follow from it.</summary>
/// <param name="Dimensions">1 over sequences, 2 over images.</param>
/// <param name="Height">Rows of the output; null keeps the input's.</param>
/// <param name="Width">Columns of the output; null keeps the input's.</param>
internal sealed record AdaptivePoolSpec(string Name, bool IsMax, int Dimensions, int? Height, int? Width) : LayerSpec(Name);

/// <summary>One function applied to every element.</summary>
internal sealed record ActivationSpec(string Name, Activation Activation) : LayerSpec(Name);

/// <summary>Softmax over the features of a vector, or the positions of a sequence.</summary>
/// <param name="Dim">1 of a sequence is the positions; null where nothing is said, which is for vectors.</param>
internal sealed record SoftmaxSpec(string Name, int? Dim = null) : LayerSpec(Name);

/// <summary>
/// <c>Dropout</c>, or <c>Dropout2d</c> where <paramref name="Channelwise"/> is true. Inverted scaling, identity in evaluation.
/// </summary>
internal sealed record DropoutSpec(string Name, float Probability, bool Channelwise) : LayerSpec(Name);

/// <summary>PyTorch's <c>BatchNorm1d</c> (vectors and sequences) and <c>BatchNorm2d</c>.</summary>
/// <param name="Momentum">Null for the cumulative average.</param>
internal sealed record BatchNormSpec(string Name, bool IsOneDimensional, int? Features, double Eps, double? Momentum, bool Affine)
    : LayerSpec(Name);

/// <summary>
/// Dimensions <see cref="StartDim"/> to <see cref="EndDim"/> merged into one; 0 is the batch, negative ones count from the end.
/// </summary>
internal sealed record FlattenSpec(string Name) : LayerSpec(Name)
{
    public int StartDim { get; init; } = 1;

    public int EndDim { get; init; } = -1;
}

/// <summary>Dimension <paramref name="Dim"/> divided into several; at most one of the sizes is −1 and follows from the others.</summary>
internal sealed record UnflattenSpec(string Name, int Dim, EquatableArray<int> Sizes) : LayerSpec(Name);

internal sealed record IdentitySpec(string Name) : LayerSpec(Name);

internal enum UpsampleMode
{
    Nearest,

    /// <summary>Linear over sequences, bilinear over images.</summary>
    Linear,
}

/// <summary>Interpolation to a size, or by factors; the one or the other is null.</summary>
internal sealed record UpsampleSpec(string Name, Pair? Size, double? ScaleHeight, double? ScaleWidth, UpsampleMode Mode, bool? AlignCorners)
    : LayerSpec(Name)
{
    /// <summary>The mode as declared, which tells for which inputs it is.</summary>
    public string ModeName { get; init; } = "nearest";
}

/// <summary>
/// A layer whose attribute does not compile or has an argument that cannot be understood. It keeps its place so that the
/// layers around it are still checked; a network that holds one is in error and never reaches the emitter.
/// </summary>
/// <param name="Declared">The layer as far as it was understood; null where not even its kind is known.</param>
internal sealed record UnreadableSpec(string Name, LayerSpec? Declared) : LayerSpec(Name)
{
    public override IEnumerable<LayerSpec> Named => Declared is { IsNameless: true } ? Declared.Named : [this];
}
