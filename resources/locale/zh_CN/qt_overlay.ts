<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- Texts of standard dialogs that some versions of Qt leave in English, or word for experts. -->
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>QFileDialog</name>
    <message><source>Look in:</source><translation>位置：</translation></message>
    <message><source>Files of type:</source><translation>文件类型：</translation></message>
    <message><source>File &amp;name:</source><translation>文件名(&amp;N)：</translation></message>
    <message><source>Parent Directory</source><translation>上一级</translation></message>
    <message><source>Go to the parent directory</source><translation>转到上一级文件夹</translation></message>
    <message><source>Detail View</source><translation>详细列表</translation></message>
    <message><source>Change to detail view mode</source><translation>改为详细列表</translation></message>
    <message><source>List View</source><translation>简单列表</translation></message>
    <message><source>Change to list view mode</source><translation>改为简单列表</translation></message>
</context>
<context>
    <name>QFileSystemModel</name>
    <message><source>Size</source><translation>大小</translation></message>
</context>
<context>
    <name>QColorDialog</name>
    <message><source>&amp;HTML:</source><translation>颜色代码(&amp;H)：</translation></message>
</context>
<context>
    <name>QPrintSettingsOutput</name>
    <message><source>Grayscale</source><translation>黑白</translation></message>
    <message><source>Reverse</source><translation>倒序打印</translation></message>
    <message><source>Page Set:</source><translation>奇偶页：</translation></message>
    <message><source>Pages from</source><translation>页码从</translation></message>
</context>
<context>
    <name>QPrintDialog</name>
    <message><source>Write PDF file</source><translation>存为 PDF 文件</translation></message>
    <message><source>Print To File ...</source><translation>打印到文件…</translation></message>
</context>
<context>
    <name>QPrintWidget</name>
    <message><source>Form</source><translation>打印</translation></message>
</context>
</TS>
