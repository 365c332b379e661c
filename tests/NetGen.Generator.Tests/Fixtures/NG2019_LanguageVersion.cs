//# language: 11
[{|NG2019:Network(4)|}]
[Linear(2)]
public partial class Net
{
}
//! NG2019: The code generated for 'Net' needs C# 12.0 or later, but the project compiles as C# 11.0: set <LangVersion>12.0</LangVersion> or target a newer framework
