using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Attention of some queries over some keys, head by head, with what its kernels need to know of memory.</summary>
/// <param name="Op">Heads, their sizes and the scale.</param>
/// <param name="Query">Where the queries lie; likewise the others.</param>
internal sealed record AttentionGeometry(AttentionOp Op, Layout Query, Layout Key, Layout Value)
{
    /// <summary>Queries whose probabilities are kept at a time in the backward pass; a multiple of the rows of every tile.</summary>
    public const int QueryBlock = 32;

    /// <summary>Keys are counted in pairs of the widest vectors.</summary>
    private const int KeyUnit = 2 * Layout.Block;

    /// <summary>Null where nothing is added to the scores.</summary>
    public AttentionMask? Mask { get; init; }

    /// <summary>Queries and keys are of one length, which each sample brings.</summary>
    public bool HaveSameLengths { get; init; }

    /// <summary>The most queries that a sample may have, where their number is known at run time only.</summary>
    public int Queries => Query.Positions;

    public int Keys => Key.Positions;

    /// <summary>Each sample has a number of queries, or of keys, of its own.</summary>
    public bool HasLengths => Query.HasLengths || Key.HasLengths;

    /// <summary>What kernels are told of lengths.</summary>
    public IEnumerable<KernelParameter> Lengths => KernelParameters.If(Query.HasLengths, KernelParameters.Int("queryCount"))
        .Concat(KernelParameters.If(Key.HasLengths, KernelParameters.Int("keyCount")));

    /// <summary>C# expression: how many queries a sample has.</summary>
    public string QueryCount => Query.HasLengths ? "queryCount" : Text.Literals.Int(Queries);

    public string KeyCount => Key.HasLengths ? "keyCount" : Text.Literals.Int(Keys);

    /// <summary>How many keys a tile of queries has is a variable of its own.</summary>
    public bool CountsKeys => Op.IsCausal || Key.HasLengths;

    /// <summary>Keys with what fills the last group of vectors.</summary>
    public int PaddedKeys => (Keys + KeyUnit - 1) / KeyUnit * KeyUnit;

    /// <summary>Query heads that share a head of keys and values.</summary>
    public int Group => Op.Heads / Op.KeyValueHeads;

    /// <summary>Features of a head's keys in whole blocks.</summary>
    public int PaddedHead => Layout.RoundUp(Op.HeadSize);

    public int PaddedValue => Layout.RoundUp(Op.ValueSize);

    /// <summary>Heads do not begin with a block of 16 features: what is read as vectors is copied first.</summary>
    public bool IsRagged => Op.HeadSize % Layout.Block != 0 || Op.ValueSize % Layout.Block != 0;

    /// <summary>Floats from the values of one key to those of the next, as kernels read them.</summary>
    public int ValuePitch => IsRagged ? PaddedValue : Value.Pitch;

    public int KeyPitch => IsRagged ? PaddedHead : Key.Pitch;

    public int QueryPitch => IsRagged ? PaddedHead : Query.Pitch;

    /// <summary>Floats of a head's keys with the keys in the lanes: [key / 16][feature][16 keys].</summary>
    public int KeyLanes => PaddedKeys * Op.HeadSize;

    /// <summary>The same of its values.</summary>
    public int ValueLanes => PaddedKeys * Op.ValueSize;

    /// <summary>Rows of the largest tile.</summary>
    private const int MaxRows = 8;

    /// <summary>Rows of a tile: with two vectors, more sums than multiply-adds are under way at once.</summary>
    public static int TileRows(VectorIsa isa) => isa.Registers == 32 ? MaxRows : MaxRows / 2;

    /// <summary>Floats in front of each part of the forward pass's working memory: behind the keys in the lanes, a tile's scores.</summary>
    public long Scores => KeyLanes;

    /// <summary>What each row of a tile is divided by.</summary>
    public long Inverses => Scores + (long)MaxRows * PaddedKeys;

    /// <summary>Copies of a head's values, where heads are ragged.</summary>
    public long CopiedValues => Inverses + Layout.Block;

    /// <summary>A tile's result, where heads are ragged.</summary>
    public long Results => CopiedValues + (long)Keys * PaddedValue;

    /// <summary>What dropout multiplies a row of probabilities by.</summary>
    public long ForwardFactors => IsRagged ? Results + (long)MaxRows * PaddedValue : CopiedValues;

    public long ForwardScratch => ForwardFactors + FactorLength;

    private int FactorLength => Op.Drops ? PaddedKeys : 0;

    /// <summary>The same of the backward pass: behind the keys in the lanes, the values.</summary>
    public long LaneValues => KeyLanes;

    /// <summary>Of a block of queries.</summary>
    public long Probabilities => LaneValues + ValueLanes;

    /// <summary>Gradients of a block's scores.</summary>
    public long Slopes => Probabilities + (long)QueryBlock * PaddedKeys;

    /// <summary>Copies of one head from here on, where heads are ragged.</summary>
    public long CopiedKeys => Slopes + (long)QueryBlock * PaddedKeys;

    public long KeyGradients => CopiedKeys + (long)Keys * PaddedHead;

    public long CopiedQueries => KeyGradients + (long)Keys * PaddedHead;

    public long QueryGradients => CopiedQueries + (long)Queries * PaddedHead;

    public long ValueGradients => QueryGradients + (long)Queries * PaddedHead;

    public long OutputGradients => ValueGradients + (long)Keys * PaddedValue;

    public long BackwardFactors => IsRagged ? OutputGradients + (long)Queries * PaddedValue : CopiedKeys;

    public long BackwardScratch => BackwardFactors + FactorLength;

    /// <summary>The mask's gradient is computed apart, from a tile of queries at a time and from no copies.</summary>
    public long MaskFactors => CopiedKeys;

    public long MaskScratch => MaskFactors + FactorLength;

    /// <summary>Some query may have no key: by the mask, or as the window is beyond the last of them.</summary>
    public bool HasEmptyRows => Mask is not null || IsBeyondKeys;

    /// <summary>The window of the last query is beyond the last key.</summary>
    public bool IsBeyondKeys
        => Op.Window is int window && (Queries - window >= Keys || (Key.HasLengths && !HaveSameLengths));

    /// <summary>E.g. <c>4 heads of 32 features, 64 queries × 64 keys, causal</c>.</summary>
    public string Words => $"{Text.Literals.Int(Op.Heads)} heads of {Text.Literals.Int(Op.HeadSize)} features"
        + (Group == 1 ? "" : $", {Text.Literals.Int(Group)} to each head of keys")
        + $", {(Query.HasLengths ? "up to " : "")}{Text.Literals.Int(Queries)} queries × "
        + $"{(Key.HasLengths ? "up to " : "")}{Text.Literals.Int(Keys)} keys{(Op.IsCausal ? ", causal" : "")}"
        + (Op.Window is int window ? $", window {Text.Literals.Int(window)}" : "") + (Op.IsAlibi ? ", ALiBi" : "")
        + (Mask is null ? "" : ", mask") + (Op.Drops ? $", dropout {Text.Invariant.Text(Op.Dropout)}" : "");
}

/// <summary>Where lies what is added to the scores of each query with each key.</summary>
/// <param name="HeadStride">Floats from one head to the next; 0 where one is for all. Likewise <paramref name="RowStride"/>.</param>
internal sealed record AttentionMask(Layout Layout, int HeadStride, int RowStride)
{
    /// <param name="shape">Queries × keys, or heads × queries × keys, with 1 for what is for all.</param>
    public static AttentionMask Of(TensorShape shape, Layout layout)
    {
        int rows = shape.Dimensions[shape.Rank - 2], heads = shape.Rank == 2 ? 1 : shape.Dimensions[0];
        return new AttentionMask(layout, heads == 1 ? 0 : rows * layout.Pitch, rows == 1 ? 0 : layout.Pitch);
    }

    /// <summary>The row of a query of the head in hand.</summary>
    public string Row(string pointer, string query)
        => pointer + Term("head", HeadStride) + Term(query, RowStride);

    private static string Term(string index, int stride) => stride == 0 ? "" : $" + {index} * {Text.Literals.Int(stride)}";
}
