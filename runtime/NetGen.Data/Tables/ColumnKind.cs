namespace NetGen.Data;

/// <summary>What a column is used as.</summary>
internal enum ColumnKind
{
    Number,
    OneHot,
    Index,
    Value,
    Label,
}
